package org.netloop.itest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/** Tests the effect of a changed contract on a plugin that was compiled before. */
final class PluginVersionsTest extends PluginTest {
    private static final String CODEC = "org.netloop.api.codec;version=\"";
    private static final String WANTED = CODEC + "[1.0,2)";

    /** Gives the contract another version, and what comes with Netloop follows. */
    private void release(String version, String range) throws IOException, InterruptedException {
        for (Path jar : Plugins.jars(home().resolve("bundles"))) {
            if (jar.getFileName().toString().startsWith("org.netloop.")) {
                Path changed = at("changed.jar");
                Plugins.copy(
                        jar,
                        changed,
                        headers -> {
                            Plugins.replace(headers, "Import-Package", WANTED, CODEC + range);
                            Plugins.replace(
                                    headers, "Export-Package", CODEC + "1.0.0", CODEC + version);
                        },
                        Map.of());
                Files.move(changed, jar, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    @Test
    void aMinorAdditionChangesNothingForIt() throws IOException, InterruptedException {
        release("1.1.0", "[1.1,2)");
        assertThat(verify(Plugins.codec()).well().out())
                .contains("org.netloop.api.codec 1.1.0, wanted in [1.0.0,2.0.0)")
                .containsPattern("[1-9][0-9]* passed, 0 failed");
        add(Plugins.codec(), "codec-rle");
        String features = "everything,codec-rle";
        // Of noise, blocks are stored as they are, and nothing needs the codec.
        String image = Images.of("ext4").toString();
        netloopWith(features, "pack", "--codec", "rle", image, at("repo").toString()).well();
        netloopWith(features, "extract", "--no-cache", at("repo").toString(), at("copy").toString())
                .well();
        assertSame(Path.of(image), at("copy"));
    }

    @Test
    void aMajorChangeIsToldByTheVerifier() throws IOException, InterruptedException {
        release("2.0.0", "[2.0,3)");
        Program.Ended ended = verify(Plugins.codec());
        assertThat(ended.exit()).isEqualTo(3);
        assertThat(ended.out())
                .contains("made for version 1 of the contract, this Netloop has version 2")
                .contains("not to be used");
    }

    @Test
    void aMajorChangeIsToldAtTheStart() throws IOException, InterruptedException {
        release("2.0.0", "[2.0,3)");
        netloopWith("everything", "formats").well();
        add(Plugins.codec(), "codec-rle");
        Program.Ended ended = netloopWith("everything,codec-rle", "formats");
        assertThat(ended.exit()).isEqualTo(1);
        assertThat(ended.err())
                .contains("com.example.rle 1.0.0 of feature 'codec-rle' cannot start")
                .contains("made for version 1 of the contract, this Netloop has version 2")
                .doesNotContain("\tat ");
    }

    @Test
    void oneThatIsAheadOfItsNetloopIsToldSo() throws IOException, InterruptedException {
        Path ahead = at("ahead.jar");
        Plugins.copy(
                Plugins.codec(),
                ahead,
                headers -> Plugins.replace(headers, "Import-Package", WANTED, CODEC + "[1.4,2)"),
                Map.of());
        Program.Ended ended = verify(ahead);
        assertThat(ended.exit()).isEqualTo(3);
        assertThat(ended.out()).contains("made for a newer Netloop");
    }
}
