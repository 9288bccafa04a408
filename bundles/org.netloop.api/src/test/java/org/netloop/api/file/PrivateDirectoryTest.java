package org.netloop.api.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

class PrivateDirectoryTest {
    @TempDir Path home;

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static Path chmod(Path path, int mode) throws IOException {
        Files.setAttribute(path, "unix:mode", mode);
        return path;
    }

    /** Files are given to this process's user; the name of a group tells who shares it. */
    private static Path giveToGroup(Path path, String group) throws IOException {
        Files.setAttribute(
                path,
                "posix:group",
                path.getFileSystem()
                        .getUserPrincipalLookupService()
                        .lookupPrincipalByGroupName(group));
        return path;
    }

    @Test
    void allThatIsMadeIsItsOwnersOnly() throws IOException {
        Path made = PrivateDirectory.create(home.resolve("a/b/c"));
        assertThat(made).isEqualTo(home.toRealPath().resolve("a/b/c"));
        for (Path at : List.of(made, home.resolve("a/b"), home.resolve("a"))) {
            assertThat(mode(at)).as(at.toString()).isEqualTo("rwx------");
        }
    }

    @Test
    void aFileIsMadeForItsOwnerOnly() throws IOException {
        Path file = Files.createFile(home.resolve("file"), PrivateDirectory.ownersFile());
        assertThat(mode(file)).isEqualTo("rw-------");
    }

    @Test
    void aDirectoryThatEverybodyMayReadIsTaken() throws IOException {
        Path there = chmod(Files.createDirectory(home.resolve("there")), 0755);
        assertThat(PrivateDirectory.create(there)).isEqualTo(there.toRealPath());
        assertThat(mode(there)).isEqualTo("rwxr-xr-x");
    }

    @Test
    void aDirectoryThatEverybodyMayWriteToIsRefused() throws IOException {
        Path open = chmod(Files.createDirectory(home.resolve("open")), 0777);
        assertThatThrownBy(() -> PrivateDirectory.create(open))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("everybody may write to it (mode 777)")
                .hasMessageContaining("chmod go-w " + open.toRealPath());
    }

    @Test
    void aDirectoryBelowOneThatEverybodyMayWriteToIsRefused() throws IOException {
        Path open = chmod(Files.createDirectory(home.resolve("open")), 0777);
        assertThatThrownBy(() -> PrivateDirectory.create(open.resolve("mine/deeper")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("chmod go-w " + open.toRealPath());
    }

    @Test
    void aStickyDirectoryMayLieAboveButNotBeTheDirectoryItself() throws IOException {
        Path sticky = chmod(Files.createDirectory(home.resolve("tmp")), 01777);
        assertThat(PrivateDirectory.create(sticky.resolve("mine"))).isDirectory();
        assertThatThrownBy(() -> PrivateDirectory.create(sticky))
                .hasMessageContaining("everybody may write to it (mode 1777)");
    }

    @Test
    void whatALinkLeadsToIsLookedAt() throws IOException {
        Path open = chmod(Files.createDirectory(home.resolve("open")), 0777);
        Path inside = chmod(Files.createDirectory(open.resolve("inside")), 0700);
        Path link = Files.createSymbolicLink(home.resolve("link"), inside);
        assertThat(PrivateDirectory.weakness(link)).isPresent();
        chmod(open, 0755);
        assertThat(PrivateDirectory.create(link)).isEqualTo(inside.toRealPath());
    }

    @Test
    void aGroupMayWriteOnlyIfItIsItsOwnersOwn() throws IOException {
        Path shared = chmod(Files.createDirectory(home.resolve("shared")), 0775);
        String owner = Files.getOwner(shared).getName();
        giveToGroup(shared, owner);
        assertThat(PrivateDirectory.weakness(shared)).isEmpty();
        if (owner.equals("root")) { // others may not give files away
            giveToGroup(shared, "daemon");
            assertThat(PrivateDirectory.weakness(shared))
                    .hasValueSatisfying(
                            text ->
                                    assertThat(text)
                                            .contains("the group 'daemon' may write to it")
                                            .contains("chmod g-w"));
        }
    }

    @Test
    void aDirectoryOfAnotherUserIsRefused() throws IOException {
        Path theirs = Files.createDirectory(home.resolve("theirs"));
        if (Files.getOwner(theirs).getName().equals("root")) { // others may not give files away
            Files.setAttribute(
                    theirs,
                    "owner:owner",
                    theirs.getFileSystem()
                            .getUserPrincipalLookupService()
                            .lookupPrincipalByName("daemon"));
            assertThat(PrivateDirectory.weakness(theirs))
                    .hasValueSatisfying(
                            text -> assertThat(text).contains("belongs to the user 'daemon'"));
        }
    }

    @Test
    void aFileOfThatNameIsNoDirectory() throws IOException {
        Path file = Files.createFile(home.resolve("file"));
        assertThatThrownBy(() -> PrivateDirectory.create(file))
                .isInstanceOf(NotDirectoryException.class);
    }
}
