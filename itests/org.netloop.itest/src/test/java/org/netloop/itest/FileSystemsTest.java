package org.netloop.itest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;

/** A tree in an image of each file system, published, mounted back and compared. */
final class FileSystemsTest extends RuntimeTest {
    @ParameterizedTest
    @ValueSource(strings = {"ext4", "xfs", "btrfs", "squashfs", "erofs"})
    void whatIsMountedFromAWebServerIsTheTreeThatWasPacked(String fileSystem)
            throws IOException, InterruptedException {
        Path image = Images.of(fileSystem);
        Nginx server = published(image);
        Program mounted =
                mount(server.uri(), at("mnt"), "--loop", "--cache", at("cache").toString());

        assertSame(image, at("mnt/root.img"));
        Program.Ended difference =
                start(
                                "diff",
                                "-r",
                                "--no-dereference",
                                "--exclude=lost+found",
                                Images.tree().toString(),
                                at("mnt/root").toString())
                        .end();
        assertThat(difference.out() + difference.err()).isEmpty();

        assertThat(mounted.terminate().end().exit()).isZero();
        assertThat(mounts()).isEmpty();
        assertNoLoopDeviceIsLeft();
    }
}
