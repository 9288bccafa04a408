package org.netloop.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.publish.PublishSpec;
import org.netloop.api.transport.FetchException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/** Tests what is not published, and the messages that say why. */
@Timeout(60)
class RefusalsTest {
    @TempDir Path directory;

    private Bench bench;

    @BeforeEach
    void setUp() {
        bench = new Bench(directory.resolve("state"));
    }

    private Path file(byte[] bytes) throws IOException {
        return Files.write(directory.resolve("image"), bytes);
    }

    @Test
    void aChannelOfABadNameIsRefusedBeforeAnythingIsPut() {
        bench.channel = "../x";
        assertThatThrownBy(() -> bench.publish(file(Bench.image(1, 3, 0))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("../x");
        assertThat(bench.repository.puts).hasValue(0);
    }

    @Test
    void whatIsMissingIsNamed() {
        PublishSpec spec = bench.spec("zst", DigestAlgorithm.SHA256);
        assertThatThrownBy(() -> bench.publisher().publish(file(new byte[1]), spec, _ -> {}))
                .isInstanceOf(FetchException.Unsupported.class)
                .hasMessageContaining("zst")
                .hasMessageContaining("fake");
    }

    @Test
    void aLevelTheCodecLacksIsRefused() {
        PublishSpec good = bench.spec();
        PublishSpec spec =
                new PublishSpec(
                        good.repository(), good.format(), good.image(), OptionalInt.of(77), null);
        assertThatThrownBy(() -> bench.publisher().publish(file(new byte[1]), spec, _ -> {}))
                .isInstanceOf(FetchException.Unsupported.class)
                .hasMessageContaining("from 1 to 9, not 77");
    }

    @Test
    void aMissingImageOrADirectoryIsAnErrorThatNamesIt() {
        assertThatThrownBy(() -> bench.publish(directory.resolve("nothing")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("nothing");
        assertThatThrownBy(() -> bench.publish(directory))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is a directory");
    }

    @Test
    void anImageThatShrinksMeanwhileIsAnError() throws Exception {
        Path image = file(Bench.image(14, 2000, 0));
        bench.repository.onPut =
                _ -> {
                    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
                        file.setLength(Bench.BLOCK);
                    }
                };
        assertThatThrownBy(() -> bench.publish(image)).hasMessageContaining("made shorter");
        assertThat(bench.repository.list("images/")).isEmpty();
    }

    @Test
    void aStreamThatFailsIsAnError() {
        ByteArrayInputStream stream =
                new ByteArrayInputStream(new byte[0]) {
                    @Override
                    public int read(byte[] bytes, int offset, int length) {
                        throw new IllegalStateException("the tape broke");
                    }
                };
        assertThatThrownBy(() -> bench.publish(stream)).hasMessageContaining("the tape broke");
        assertThat(bench.repository.list("images/")).isEmpty();
    }
}
