package com.example.mosaic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.junit.jupiter.api.Test;
import org.netloop.api.index.Index;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Repository;
import org.netloop.tck.MemoryRepository;
import org.netloop.tck.RecognitionContract;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The format takes only its own files: those tests are inherited. One that is written extends
 * IndexFormatContract instead, one that reads a file in place FileFormatContract.
 */
class MosaicFormatTest extends RecognitionContract {
    private static final String PART = "ab".repeat(32);

    private final MosaicFormat format = new MosaicFormat();
    private final MemoryRepository repository = new MemoryRepository();

    @Override
    protected IndexFormat format() {
        return format;
    }

    private Index open(String list) throws IOException, InterruptedException {
        repository.put(
                "mosaic.txt", ByteBuffer.wrap(list.getBytes(US_ASCII)), Repository.Kind.POINTER);
        return format.open(new Reference(repository.base(), null, null), repository.objects());
    }

    @Test
    void eachPartIsAnObjectNamedByItsDigest() throws Exception {
        Index index = open("mosaic 1\n" + PART + "\n" + PART + "\n");
        assertThat(index.image().size()).isEqualTo(2 << 20);
        assertThat(index.block(1 << 20).offset()).isEqualTo(1 << 20);
    }

    @Test
    void aMalformedListIsCorrupt() {
        assertThatThrownBy(() -> open("mosaic 1\nno digest\n"))
                .isInstanceOf(FetchException.Corrupt.class)
                .hasMessageContaining("mosaic.txt");
    }
}
