package org.netloop.api.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.netloop.api.frontend.Attachment;
import org.netloop.api.volume.EmptyVolume;
import org.netloop.api.volume.Volume;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Tests attaching and detaching with mounts that are none. */
class MountedVolumesTest {
    private static final Path PLACE = Path.of("/mnt");

    private final List<String> warnings = new ArrayList<>();
    private final List<FakeMount> mounts = new ArrayList<>();
    private final AtomicInteger idle = new AtomicInteger();
    private final MountedVolumes volumes =
            new MountedVolumes(new Notes(_ -> {}, warnings::add), idle::incrementAndGet);

    private Attachment attach(String name) throws IOException {
        return attach(name, PLACE, false);
    }

    private Attachment attach(String name, Path directory, boolean writable) throws IOException {
        return volumes.attach(
                new EmptyVolume(name, writable),
                directory,
                new MountOptions(name, false, null),
                () -> {
                    FakeMount mount = new FakeMount(directory, writable);
                    mounts.add(mount);
                    return mount;
                });
    }

    private static boolean isDetached(Attachment attachment) {
        return attachment.detached().toCompletableFuture().isDone();
    }

    @Test
    void aDirectoryIsMountedOnceHoweverManyVolumesItShows() throws IOException {
        Attachment one = attach("one");
        Attachment two = attach("two");
        assertThat(mounts).hasSize(1);
        assertThat(mounts.getFirst().names)
                .containsExactly("one.img", "one.status", "two.img", "two.status");
        assertThat(volumes.attachments()).containsExactly(one, two);
        assertThat(one.address()).isEqualTo("/mnt/one.img");
        assertThat(one.volume()).isEqualTo("one");
        assertThat(one.outlivesFrontend()).isTrue();
        attach("three", Path.of("/other"), false);
        assertThat(mounts).hasSize(2);
    }

    @Test
    void theLastOneUnmounts() throws IOException {
        Attachment one = attach("one");
        Attachment two = attach("two");
        one.close();
        assertThat(isDetached(one)).isTrue();
        assertThat(isDetached(two)).isFalse();
        assertThat(mounts.getFirst().names).containsExactly("two.img", "two.status");
        assertThat(mounts.getFirst().ended).isNotDone();
        two.close();
        assertThat(mounts.getFirst().ended).isDone();
        assertThat(volumes.attachments()).isEmpty();
        assertThat(idle).hasValue(1);
        two.close();
        assertThat(mounts.getFirst().unmounts).isEqualTo(1);
        attach("one");
        assertThat(mounts).hasSize(2);
    }

    @Test
    void whatIsInUseStaysAttachedAndSaysWhoToAsk() throws IOException {
        Attachment one = attach("one");
        mounts.getFirst().busy = true;
        assertThatThrownBy(one::close)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("/mnt is in use: end what uses it (fuser -m /mnt)")
                .hasMessageEndingWith("target is busy");
        assertThat(isDetached(one)).isFalse();
        assertThat(volumes.attachments()).containsExactly(one);
        assertThat(mounts.getFirst().names).containsExactly("one.img", "one.status");
        mounts.getFirst().busy = false;
        one.close();
        assertThat(isDetached(one)).isTrue();
    }

    @Test
    void aNameThatIsTakenIsRefusedAndTheOtherStays() throws IOException {
        Attachment one = attach("one");
        assertThatThrownBy(() -> attach("one"))
                .hasMessage("/mnt/one.img already exists; name this one by the option name");
        assertThat(volumes.attachments()).containsExactly(one);
        assertThat(mounts.getFirst().ended).isNotDone();
    }

    @Test
    void aMountThatCanShowNothingDoesNotStay() {
        assertThatThrownBy(() -> attach("taken")).hasMessageContaining("already exists");
        assertThat(mounts.getFirst().ended).isDone();
        assertThat(volumes.attachments()).isEmpty();
    }

    @Test
    void aWritableVolumeNeedsAMountThatIsWritten() throws IOException {
        attach("one");
        assertThatThrownBy(() -> attach("two", PLACE, true))
                .hasMessageContaining("/mnt is mounted read-only");
        attach("two", Path.of("/other"), true);
        attach("three", Path.of("/other"), false);
        assertThat(mounts).hasSize(2);
        assertThat(mounts.getLast().names).contains("two.img", "three.img");
    }

    @Test
    void whatIsUnmountedFromOutsideIsDetached() throws IOException {
        Attachment one = attach("one");
        Attachment other = attach("two", Path.of("/other"), false);
        mounts.getFirst().ended.complete(null);
        assertThat(isDetached(one)).isTrue();
        assertThat(isDetached(other)).isFalse();
        assertThat(volumes.attachments()).containsExactly(other);
        assertThat(idle).hasValue(0);
        mounts.getLast().ended.complete(null);
        assertThat(idle).hasValue(1);
        Attachment again = attach("one");
        assertThat(mounts).hasSize(3);
        assertThat(volumes.attachments()).containsExactly(again);
    }

    @Test
    void aBundleThatStopsKeepsItsMounts() throws IOException {
        Attachment one = attach("one");
        volumes.stop(false);
        assertThat(isDetached(one)).isFalse();
        assertThat(mounts.getFirst().stopping).isFalse();
    }

    @Test
    void aFrameworkThatStopsDetachesAllAndWhatIsInUseLazily() throws IOException {
        Attachment one = attach("one");
        Attachment two = attach("two", Path.of("/other"), false);
        mounts.getLast().busy = true;
        volumes.stop(true);
        assertThat(isDetached(one)).isTrue();
        assertThat(isDetached(two)).isTrue();
        assertThat(mounts).allMatch(mount -> mount.stopping && mount.ended.isDone());
        assertThat(warnings)
                .singleElement()
                .asString()
                .contains("/other is in use")
                .endsWith("it is unmounted lazily");
    }

    @Test
    void whatASuccessorTookIsLeftAlone() throws IOException {
        Attachment one = attach("one");
        attach("two", Path.of("/other"), false);
        mounts.getFirst().canBeLeft = true;
        assertThat(volumes.leave()).isEqualTo(1);
        one.close();
        assertThat(mounts.getFirst().ended).isNotDone();
        assertThat(mounts.getFirst().names).containsExactly("one.img", "one.status");
    }

    /** A directory in memory. */
    private static final class FakeMount implements VolumeMount {
        private final Path directory;
        private final boolean writable;
        private final Set<String> names = new TreeSet<>();
        private final CompletableFuture<Void> ended = new CompletableFuture<>();
        private boolean busy;
        private boolean stopping;
        private boolean canBeLeft;
        private boolean left;
        private int unmounts;

        FakeMount(Path directory, boolean writable) {
            this.directory = directory;
            this.writable = writable;
        }

        @Override
        public Path directory() {
            return directory;
        }

        @Override
        public boolean addFolder(String name) {
            return names.add(name);
        }

        @Override
        public boolean addVolume(String name, Volume volume) {
            if (name.equals("taken") || !names.add(name + ".img")) {
                return false;
            }
            return names.add(name + ".status");
        }

        @Override
        public void remove(String name) {
            names.remove(name);
        }

        @Override
        public boolean hasOnly(Collection<String> others) {
            return others.containsAll(names);
        }

        @Override
        public boolean isWritable() {
            return writable;
        }

        @Override
        public void unmount(boolean lazily) throws IOException {
            if (busy && !lazily) {
                throw new IOException("target is busy");
            }
            unmounts++;
            ended.complete(null);
        }

        @Override
        public CompletableFuture<Void> ended() {
            return ended;
        }

        @Override
        public boolean leave() {
            left = canBeLeft;
            return left;
        }

        @Override
        public boolean isLeft() {
            return left;
        }

        @Override
        public void stopping() {
            stopping = true;
        }
    }
}
