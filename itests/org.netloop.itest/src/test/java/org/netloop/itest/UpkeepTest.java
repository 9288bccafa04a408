package org.netloop.itest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The commands that keep a repository, one after the other as an operator uses them. */
final class UpkeepTest extends RuntimeTest {
    private static final int CHANGED_AT = 5 << 20;

    private Path updated() throws IOException, InterruptedException {
        Path image = at("updated.img");
        Files.copy(Images.random(16), image);
        try (FileChannel channel = FileChannel.open(image, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}), CHANGED_AT);
        }
        return image;
    }

    private String say(String... command) throws IOException, InterruptedException {
        return netloop(command).end().well().out();
    }

    @Test
    void anUpdateIsComparedMirroredRolledBackAndRemoved() throws Exception {
        String repo = at("repo").toString();
        String first = pack(Images.random(16), at("repo"));
        String second = pack(updated(), at("repo"));
        assertThat(say("diff", repo + "@" + first, repo)).containsPattern("1 of \\d+ blocks");

        assertThat(say("channel", "history", repo)).contains(first).contains(second);
        assertThat(say("channel", "rollback", repo)).contains(first).contains("sequence 3");

        String copy = at("copy").toString();
        Nginx server = nginx(at("repo"));
        assertThat(say("mirror", "sync", server.uri(), copy)).contains("1 of 1 channels moved");
        assertThat(say("mirror", "sync", repo, copy)).contains("0 of 1 channels moved");
        say("verify", copy);
        say("verify", copy + "@" + second);

        assertThat(netloop("image", "rm", repo, first).end().err()).contains("stable");
        assertThat(say("gc", repo, "--keep", "1", "--grace", "0s")).contains("removed 1 images");
        say("verify", repo);
        assertThat(netloop("verify", repo + "@" + second).end().exit()).isNotZero();
        assertThat(say("gc", repo, "--grace", "0s")).contains("removed 0 images and 0 objects");
        say("extract", repo, at("back.img").toString());
        assertThat(Files.mismatch(at("back.img"), Images.random(16))).isEqualTo(-1);
    }

    @Test
    void nothingIsCollectedWhileAnImageCannotBeRead() throws Exception {
        String first = pack(Images.random(16), at("repo"));
        Path manifest = at("repo/images").resolve(first.substring("sha256:".length()) + ".json");
        Files.writeString(manifest, "{");
        Program.Ended ended = netloop("gc", at("repo").toString(), "--grace", "0s").end();
        assertThat(ended.exit()).isEqualTo(1);
        assertThat(ended.err()).contains("nothing was removed").contains(".json");
    }
}
