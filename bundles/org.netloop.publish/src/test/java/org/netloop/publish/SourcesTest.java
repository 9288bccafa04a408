package org.netloop.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.netloop.api.publish.PublishSpec;
import org.netloop.api.publish.Published;
import org.netloop.api.transport.FetchException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** Tests the files that an image may come in. */
@Timeout(60)
class SourcesTest {
    @TempDir Path directory;

    private final byte[] image = Bench.image(7, 100, 33);
    private Bench bench;

    @BeforeEach
    void setUp() {
        bench = new Bench(directory.resolve("state"));
    }

    private Path file(byte[] bytes) throws IOException {
        return Files.write(directory.resolve("image"), bytes);
    }

    private static byte[] deflated(byte[] plain) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Deflater deflater = new Deflater(9);
                DeflaterOutputStream out = new DeflaterOutputStream(bytes, deflater)) {
            out.write(plain);
        }
        return bytes.toByteArray();
    }

    @Test
    void aCompressedImageIsPublishedAsWhatIsInside() throws Exception {
        byte[] compressed = deflated(image);
        Published raw = bench.publish(file(image));
        assertThat(bench.publish(file(compressed)).image()).isEqualTo(raw.image());
        assertThat(bench.publish(new ByteArrayInputStream(compressed)).image())
                .isEqualTo(raw.image());
        assertThat(bench.read(raw)).isEqualTo(ByteBuffer.wrap(image));
    }

    @Test
    void aStreamIsLeftOpenForItsOwner() throws Exception {
        AtomicBoolean closed = new AtomicBoolean();
        InputStream stream =
                new ByteArrayInputStream(deflated(image)) {
                    @Override
                    public void close() {
                        closed.set(true);
                    }
                };
        bench.publish(stream);
        assertThat(closed).isFalse();
    }

    @Test
    void aFileCutShortNamesNothing() throws Exception {
        byte[] compressed = deflated(image);
        Path cut = file(Arrays.copyOf(compressed, compressed.length - 5));
        bench.channel = "stable";
        assertThatThrownBy(() -> bench.publish(cut))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ends too early");
        assertThat(bench.repository.objects.keySet()).noneMatch(path -> path.startsWith("images/"));
        assertThat(bench.format.channels).isEmpty();
    }

    @Test
    void whatIsCompressedTwiceIsRefused() throws Exception {
        Path twice = file(deflated(deflated(image)));
        assertThatThrownBy(() -> bench.publish(twice))
                .isInstanceOf(FetchException.Unsupported.class)
                .hasMessageContaining("has a file of fake inside");
    }

    @ParameterizedTest
    @CsvSource({
        "FD377A585A00, codec-xz",
        "1F8B08, codec-gzip",
        "28B52FFD, codec-zstd",
        "425A68, codec-bzip2",
        "514649FB, format-qcow2"
    })
    void whatNobodyInstalledReadsIsRefusedByTheNameOfItsFeature(String mark, String feature)
            throws Exception {
        byte[] begin = HexFormat.of().parseHex(mark);
        System.arraycopy(begin, 0, image, 0, begin.length);
        for (Publication publication : publications()) {
            assertThatThrownBy(() -> publication.of(bench.spec()))
                    .isInstanceOf(FetchException.Unsupported.class)
                    .hasMessageContaining("install the feature " + feature);
            PublishSpec spec = bench.spec();
            PublishSpec asIs =
                    new PublishSpec(
                            spec.repository(),
                            spec.format(),
                            spec.image(),
                            spec.level(),
                            null,
                            true,
                            null,
                            true);
            assertThat(bench.read(publication.of(asIs))).isEqualTo(ByteBuffer.wrap(image));
        }
    }

    private interface Publication {
        Published of(PublishSpec spec) throws IOException, InterruptedException;
    }

    private Publication[] publications() throws IOException {
        Path file = file(image);
        return new Publication[] {
            spec -> bench.publisher().publish(file, spec, _ -> {}),
            spec -> bench.publisher().publish(new ByteArrayInputStream(image), spec, _ -> {})
        };
    }
}
