package org.netloop.api.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.block.Verification;
import org.netloop.api.transport.FetchException;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.stream.Stream;

class ObjectVersionTest {
    private static final Digest NAME = Digest.of(DigestAlgorithm.SHA256, ByteBuffer.allocate(1));
    private static final ObjectVersion FILE = new ObjectVersion("", 1000, "\"etag\"", NAME);

    private static Reference reference(@Nullable String channel, @Nullable Digest digest) {
        return new Reference(URI.create("http://host/disk.img"), channel, digest);
    }

    @Test
    void aReferenceToTheFileGivesItsPresentVersion() throws Exception {
        ObjectReader objects = new OneFile();
        assertThat(ObjectVersion.of(reference(null, null), objects, "raw")).isEqualTo(FILE);
        assertThat(ObjectVersion.of(reference(null, FILE.image("raw")), objects, "raw"))
                .isEqualTo(FILE);
        assertThat(FILE.validator()).contains("\"etag\"");
    }

    @Test
    void aFileHasNoChannel() {
        assertThatThrownBy(() -> ObjectVersion.of(reference("stable", null), new OneFile(), "raw"))
                .isInstanceOf(FetchException.Missing.class)
                .hasMessage("http://host/disk.img is one file: it has no channel 'stable'");
    }

    @Test
    void anotherVersionThanThePresentOneIsMissing() {
        Digest asked = FILE.image("qcow2");
        assertThatThrownBy(() -> ObjectVersion.of(reference(null, asked), new OneFile(), "raw"))
                .isInstanceOf(FetchException.Missing.class)
                .hasMessageContaining("is now the image " + FILE.image("raw") + " of format raw")
                .hasMessageContaining("not " + asked);
    }

    @Test
    void aRangeIsNamedByItsPlaceAndDecoding() {
        StoredBlock range = FILE.range(100, 10, 20, "zlib");
        assertThat(range.verification()).isEqualTo(Verification.NONE);
        assertThat(range.position()).isEqualTo(100);
        assertThat(range.length()).isEqualTo(10);
        assertThat(range.whole()).isFalse();
        assertThat(range.key()).isEqualTo(FILE.range(100, 10, 20, "zlib").key());
        StoredBlock padded = FILE.rangeWithin(100, 10, 20, "zlib");
        assertThat(padded.hasPadding()).isTrue();
        Digest later = Digest.of(DigestAlgorithm.SHA256, ByteBuffer.allocate(2));
        assertThat(
                        Stream.of(
                                        range,
                                        padded,
                                        FILE.range(101, 10, 20, "zlib"),
                                        FILE.range(100, 11, 20, "zlib"),
                                        FILE.range(100, 10, 21, "zlib"),
                                        FILE.range(100, 10, 20, "zstd"),
                                        new ObjectVersion("", 1000, null, later)
                                                .range(100, 10, 20, "zlib"))
                                .map(StoredBlock::key))
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource({"-1,10", "0,0", "991,10", "1000,1"})
    void aRangeLiesInsideOfTheFile(long position, int length) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FILE.range(position, length, 20, "zlib"))
                .withMessageContaining(length + " bytes at " + position);
    }

    @Test
    void aRangeMayReachTheEndOfTheFile() {
        assertThat(FILE.range(0, 1000, 1000, "none").length()).isEqualTo(1000);
        assertThat(FILE.range(999, 1, 1, "none").position()).isEqualTo(999);
        assertThat(new ObjectVersion("", 0, null, NAME).length()).isZero();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ObjectVersion("disk", -1, null, NAME))
                .withMessageContaining("'disk' has -1 bytes");
    }

    /** Reads nothing but the version of the one file. */
    private static final class OneFile implements ObjectReader {
        @Override
        public ObjectVersion version(String path) {
            assertThat(path).isEmpty();
            return FILE;
        }

        @Override
        public ByteBuffer read(String path, int maxLength) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ByteBuffer readRoot(String path, int maxLength, Age age) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ByteBuffer read(String path, long position, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ByteBuffer read(StoredBlock object, int maxPlainLength) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void aReaderKeepsPartsOfAMap() throws Exception {
        Parts<String> parts = new OneFile().parts(100, number -> "part " + number);
        assertThat(parts.get(7)).isEqualTo("part 7");
        assertThat(parts.bytes()).isEqualTo(100);
    }
}
