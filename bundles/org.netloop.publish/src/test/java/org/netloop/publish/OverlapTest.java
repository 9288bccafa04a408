package org.netloop.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

class OverlapTest {
    @TempDir Path directory;

    @Test
    void anImageIsNotWrittenOverItself() throws Exception {
        Path image = Files.writeString(directory.resolve("image"), "bytes");
        Path link = Files.createSymbolicLink(directory.resolve("link"), image);
        Path hard = Files.createLink(directory.resolve("hard"), image);
        for (Path target : new Path[] {image, link, hard}) {
            assertThatThrownBy(() -> Overlap.refuse(image, target.toUri()))
                    .as(target.toString())
                    .hasMessageContaining("name another one");
            assertThatThrownBy(() -> Overlap.refuse(target, image.toUri()))
                    .hasMessageContaining("name another one");
        }
        assertThat(image).hasContent("bytes");
    }

    @Test
    void elsewhereItMayBeWritten() throws Exception {
        Path image = Files.writeString(directory.resolve("image"), "bytes");
        Path other = Files.writeString(directory.resolve("other"), "bytes");
        for (URI target :
                new URI[] {
                    other.toUri(),
                    directory.resolve("not/there/yet").toUri(),
                    URI.create("s3://bucket/path"),
                    URI.create("file:///%00")
                }) {
            assertThatCode(() -> Overlap.refuse(image, target)).doesNotThrowAnyException();
        }
    }

    /** The device of the file system that the directory is on, under a name of its own. */
    @Test
    void aRepositoryDoesNotLieInTheDeviceThatIsRead() throws Exception {
        Path device = deviceOf(directory);
        if (device == null) {
            return; // on a file system without one, as tmpfs or overlayfs
        }
        assertThatThrownBy(() -> Overlap.refuse(device, directory.resolve("repository").toUri()))
                .hasMessageContaining("lies in the image");
    }

    private static @Nullable Path deviceOf(Path path) throws Exception {
        String name = Files.getFileStore(path).name();
        boolean found =
                name.startsWith("/dev/")
                        && Files.exists(Path.of(name))
                        && Files.getAttribute(Path.of(name), "unix:rdev")
                                .equals(Files.getAttribute(path, "unix:dev"));
        return found ? Path.of(name) : null;
    }
}
