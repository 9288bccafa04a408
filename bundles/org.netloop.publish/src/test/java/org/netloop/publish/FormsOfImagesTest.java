package org.netloop.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.index.Index;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.index.ObjectReader;
import org.netloop.api.index.Reference;
import org.netloop.api.publish.PublishSpec;
import org.netloop.api.publish.Published;
import org.netloop.api.transport.FetchException;
import org.netloop.api.volume.Volumes;
import org.netloop.api.volume.Volumes.VolumeSpec;
import org.netloop.tck.MemoryImage;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** Tests image files of other programs, which a format recognises by their start or their end. */
@Timeout(60)
class FormsOfImagesTest {
    @TempDir Path directory;

    private final byte[] plain = Bench.image(21, 30, 500);
    private final List<VolumeSpec> opened = new ArrayList<>();
    private Bench bench;

    @BeforeEach
    void setUp() {
        bench = new Bench(directory.resolve("state"));
    }

    /** Recognises a word at the start of a file, and another at its end. */
    private record Marked(String id, String entry, boolean isLastResort) implements IndexFormat {
        @Override
        public String entry(Reference reference) {
            return entry;
        }

        @Override
        public boolean recognises(ByteBuffer head) {
            return US_ASCII.decode(head).toString().startsWith("HEAD");
        }

        @Override
        public boolean recognisesTail(ByteBuffer tail) {
            return US_ASCII.decode(tail).toString().endsWith("TAIL");
        }

        @Override
        public Index open(Reference reference, ObjectReader objects) throws FetchException {
            throw new FetchException.Unsupported("not read here");
        }
    }

    private ImagePublisher publisher(@Nullable Volumes volumes, IndexFormat... more) {
        List<IndexFormat> formats = new ArrayList<>(List.of(more));
        formats.add(bench.format);
        return new ImagePublisher(
                bench.settings,
                new Backends(
                        List.of(bench.codec),
                        formats,
                        Map.of("fake", bench.repository.transport())),
                volumes);
    }

    private Volumes.OpenVolume open(VolumeSpec spec) {
        opened.add(spec);
        return MemoryImage.of(Bench.BLOCK, plain);
    }

    private Path file(String head, String tail) throws IOException {
        byte[] bytes = Arrays.copyOf(head.getBytes(US_ASCII), 9000 + tail.length());
        System.arraycopy(tail.getBytes(US_ASCII), 0, bytes, 9000, tail.length());
        return Files.write(directory.resolve("disk"), bytes);
    }

    private static final Marked FORMAT = new Marked("marked", "", false);

    @Test
    void aFileOfAFormatIsPublishedAsTheDiskItHolds() throws Exception {
        for (Path file : List.of(file("HEAD", ""), file("", "TAIL"))) {
            Published published =
                    publisher(this::open, FORMAT).publish(file, bench.spec(), _ -> {});
            assertThat(bench.read(published)).isEqualTo(ByteBuffer.wrap(plain));
            VolumeSpec spec = opened.removeFirst();
            assertThat(spec.reference().repository()).isEqualTo(file.toUri());
            assertThat(spec.trust().isNone()).isTrue();
            assertThat(spec.patience()).isEqualTo(Duration.ofMinutes(1));
        }
    }

    @Test
    void asItIsItIsPublishedByteForByte() throws Exception {
        byte[] bytes = Files.readAllBytes(file("HEAD", "TAIL"));
        PublishSpec asIs =
                new PublishSpec(
                        bench.spec().repository(),
                        "fake",
                        bench.spec().image(),
                        bench.spec().level(),
                        null,
                        true,
                        null,
                        true);
        ImagePublisher publisher = publisher(this::open, FORMAT);
        Published fromFile = publisher.publish(directory.resolve("disk"), asIs, _ -> {});
        Published fromStream = publisher.publish(new ByteArrayInputStream(bytes), asIs, _ -> {});
        assertThat(bench.read(fromFile)).isEqualTo(ByteBuffer.wrap(bytes));
        assertThat(fromStream.image()).isEqualTo(fromFile.image());
        assertThat(opened).isEmpty();
    }

    @Test
    void formatsOfRepositoriesAndLastResortsAreNotAsked() throws Exception {
        Path file = file("HEAD", "TAIL");
        Published published =
                publisher(
                                this::open,
                                new Marked("repository", "index.json", false),
                                new Marked("anything", "", true))
                        .publish(file, bench.spec(), _ -> {});
        assertThat(opened).isEmpty();
        assertThat(bench.read(published)).isEqualTo(ByteBuffer.wrap(Files.readAllBytes(file)));
    }

    @Test
    void whereNothingOpensItTheFeatureIsNamed() throws Exception {
        Path file = file("HEAD", "");
        assertThatThrownBy(() -> publisher(null, FORMAT).publish(file, bench.spec(), _ -> {}))
                .isInstanceOf(FetchException.Unsupported.class)
                .hasMessage(
                        file
                                + " is of format 'marked', and nothing is installed that opens it:"
                                + " install the feature core");
    }

    @Test
    void aStreamIsNotReadInPlace() throws Exception {
        ByteArrayInputStream stream =
                new ByteArrayInputStream(Files.readAllBytes(file("HEAD", "")));
        assertThatThrownBy(
                        () -> publisher(this::open, FORMAT).publish(stream, bench.spec(), _ -> {}))
                .isInstanceOf(FetchException.Unsupported.class)
                .hasMessageContaining("the stream is an image of format 'marked'")
                .hasMessageContaining("--raw");
    }

    @Test
    void aCompressedFileOfAFormatIsRefused() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Deflater deflater = new Deflater(9);
                DeflaterOutputStream out = new DeflaterOutputStream(bytes, deflater)) {
            out.write(Files.readAllBytes(file("HEAD", "")));
        }
        Path file = Files.write(directory.resolve("compressed"), bytes.toByteArray());
        assertThatThrownBy(() -> publisher(this::open, FORMAT).publish(file, bench.spec(), _ -> {}))
                .isInstanceOf(FetchException.Unsupported.class)
                .hasMessage(
                        file
                                + " has a file of marked inside, not a raw image: undo fake"
                                + " first");
    }

    @Test
    void aDamagedCompressedFileIsToldByItsName() throws Exception {
        Path file = Files.write(directory.resolve("damaged"), new byte[] {0x78, (byte) 0xDA, 7, 7});
        assertThatThrownBy(() -> bench.publish(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file + " is not a readable file of fake: ");
    }
}
