package org.netloop.format.raw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.codec.Codec;
import org.netloop.api.index.Index;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.FetchException;
import org.netloop.tck.FileFormatContract;
import org.netloop.tck.MemoryFile;

import java.net.URI;
import java.util.List;
import java.util.Random;

class RawFormatTest extends FileFormatContract {
    private final RawFormat format = new RawFormat();

    @Override
    protected IndexFormat format() {
        return format;
    }

    @Override
    protected List<Sample> samples() {
        byte[] image = new byte[3 * RawIndex.BLOCK + 512];
        new Random(1).nextBytes(image);
        byte[] small = new byte[1000];
        return List.of(new Sample(image, image, 0), new Sample(small, small, 0));
    }

    @Override
    protected Codec codec(String id) {
        throw new AssertionError("a plain image needs no codec, not even " + id);
    }

    @Test
    void itIsAskedLast() {
        assertThat(format.isLastResort()).isTrue();
    }

    @Test
    void openingReadsNothingAndAnOddEndIsABlockOfItsOwn() throws Exception {
        byte[] image = new byte[RawIndex.BLOCK + 1];
        MemoryFile file = new MemoryFile(image);
        Index index = format.open(new Reference(URI.create("memory:/disk.img"), null, null), file);
        StoredBlock last = index.block(RawIndex.BLOCK).stored().orElseThrow();
        assertThat(last.position()).isEqualTo(RawIndex.BLOCK);
        assertThat(last.length()).isEqualTo(1);
        assertThat(file.reads()).isEmpty();
    }

    @Test
    void anEmptyFileIsNoImage() {
        Reference reference = new Reference(URI.create("memory:/disk.img"), null, null);
        assertThatThrownBy(() -> format.open(reference, new MemoryFile(new byte[0])))
                .isInstanceOf(FetchException.Corrupt.class)
                .hasMessageContaining("memory:/disk.img is empty");
    }
}
