package org.netloop.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.netloop.api.block.Digest;
import org.netloop.api.publish.RepositoryUse;
import org.netloop.api.publish.RepositoryUse.Purpose;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Repository;
import org.netloop.api.transport.Repository.Kind;
import org.netloop.tck.MemoryRepository;
import org.netloop.tck.MemoryRepository.Action;
import org.netloop.tck.MemoryRepository.Step;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

class SynchronizerTest {
    private final MemoryRepository source = new MemoryRepository();
    private final FakeCatalog from = new FakeCatalog(source);
    private final MemoryRepository destination = new MemoryRepository();
    private final FakeCatalog to = new FakeCatalog(destination);

    private final MemoryRepository uses = new MemoryRepository();
    private RepositoryUse use;

    @BeforeEach
    void begin() throws Exception {
        use = RepositoryUse.begin(uses, Purpose.PUBLISHING, "test", Duration.ZERO);
    }

    @AfterEach
    void end() throws IOException {
        use.close();
    }

    private Synchronizer synchronizer(boolean check) {
        Synchronizer.Settings settings = new Synchronizer.Settings(2, check);
        return new Synchronizer(source, from, destination, to, use, settings);
    }

    private Pointer stable() throws IOException {
        return Pointer.take(source, from, "stable");
    }

    @Test
    void blocksAreDurableBeforeTheRootAndTheRootBeforeTheChannel() throws Exception {
        Digest image = from.publish("one", "two");
        from.move("stable", image);
        Synchronizer synchronizer = synchronizer(false);
        synchronizer.image(image);
        assertThat(synchronizer.channel(stable())).isTrue();
        List<Step> steps = destination.journal();
        assertThat(steps.subList(0, 2))
                .extracting(Step::path)
                .containsExactlyInAnyOrderElementsOf(FakeCatalog.blocks("one", "two"));
        assertThat(steps.subList(2, steps.size()))
                .containsExactly(
                        new Step(Action.SYNC, ""),
                        new Step(Action.PUT, to.imagePath(image)),
                        new Step(Action.SYNC, ""),
                        new Step(Action.PUT, to.channelPath("stable")),
                        new Step(Action.SYNC, ""));
        assertThat(to.channels()).isEqualTo(from.channels());
    }

    @Test
    void signaturesAreCopied() throws Exception {
        Digest image = from.publish("one");
        from.move("stable", image);
        source.put(from.imagePath(image) + ".sig", FakeCatalog.bytes("of image"), Kind.POINTER);
        String statement = "signed: " + image + "\n";
        source.put("channels/stable.sig", FakeCatalog.bytes(statement), Kind.POINTER);
        Synchronizer synchronizer = synchronizer(false);
        synchronizer.image(image);
        synchronizer.channel(stable());
        assertThat(destination.read(to.imagePath(image) + ".sig", 99))
                .isEqualTo(FakeCatalog.bytes("of image"));
        assertThat(destination.read("channels/stable.sig", 999))
                .isEqualTo(FakeCatalog.bytes(statement));
    }

    @Test
    void aChannelWhoseSignatureIsOfAnotherPositionIsNotTaken() throws Exception {
        from.move("stable", from.publish("one"));
        source.put("channels/stable.sig", FakeCatalog.bytes("of another"), Kind.POINTER);
        assertThatThrownBy(this::stable)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("netloop sign");
    }

    @Test
    void aChannelThatMovesMeanwhileIsPutAsItWas() throws Exception {
        Digest first = from.publish("one");
        from.move("stable", first);
        Pointer taken = stable();
        from.move("stable", from.publish("two"));
        Synchronizer synchronizer = synchronizer(false);
        synchronizer.image(first);
        synchronizer.channel(taken);
        assertThat(to.channel("stable").orElseThrow().image()).isEqualTo(first);
    }

    @Test
    void onlyWhatIsMissingIsCopied() throws Exception {
        to.publish("one");
        Digest image = from.publish("one", "two");
        Synchronizer synchronizer = synchronizer(false);
        synchronizer.image(image);
        synchronizer.image(image);
        assertThat(synchronizer.copied().objects()).isEqualTo(2);
        assertThat(synchronizer.copied().present()).isEqualTo(4);
    }

    @Test
    void aDamagedBlockIsNotCopied() throws Exception {
        Digest image = from.publish("one", "two");
        String block = FakeCatalog.blocks("two").getFirst();
        source.put(block, FakeCatalog.bytes("TWO"), Kind.BLOCK);
        assertThatThrownBy(() -> synchronizer(false).image(image))
                .isInstanceOf(FetchException.Corrupt.class)
                .hasMessageContaining(block);
        assertThat(destination.length(to.imagePath(image))).isEmpty();
        assertThat(destination.length(block)).isEmpty();
    }

    /** A name and no bytes are what a power cut leaves of a copy that was not made durable. */
    @Test
    void aCopyThatWasCutOffIsCopiedAgainBeforeTheRootNamesIt() throws Exception {
        Digest image = from.publish("one", "two");
        String block = FakeCatalog.blocks("two").getFirst();
        destination.put(block, FakeCatalog.bytes(""), Kind.BLOCK);
        synchronizer(false).image(image);
        assertThat(destination.length(to.imagePath(image))).isPresent();
        assertThat(destination.read(block, 99)).isEqualTo(source.read(block, 99));
    }

    @Test
    void noRootIsPutOnceOthersMayHaveRemovedItsBlocks() throws Exception {
        Digest image = from.publish("one");
        try (Stream<Repository.Entry> signs = uses.list(RepositoryUse.DIRECTORY)) {
            signs.forEach(sign -> uses.delete(sign.path()));
        }
        assertThatThrownBy(() -> synchronizer(false).image(image))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("run this again");
        assertThat(destination.length(to.imagePath(image))).isEmpty();
    }

    @Test
    void aCheckReplacesWhatIsDamaged() throws Exception {
        Digest image = from.publish("one");
        String block = FakeCatalog.blocks("one").getFirst();
        synchronizer(false).image(image);
        destination.put(block, FakeCatalog.bytes("ONE"), Kind.BLOCK);
        synchronizer(false).image(image);
        assertThat(destination.read(block, 3)).isEqualTo(FakeCatalog.bytes("ONE"));
        synchronizer(true).image(image);
        assertThat(destination.read(block, 3)).isEqualTo(FakeCatalog.bytes("one"));
    }

    @Test
    void aChannelNeverGoesBackAndNeverSplits() throws Exception {
        Digest one = from.publish("one");
        Digest two = from.publish("two");
        from.move("stable", one);
        to.move("stable", two);
        assertThatThrownBy(() -> synchronizer(false).channel(stable()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("different images");
        to.move("stable", one);
        assertThatThrownBy(() -> synchronizer(false).channel(stable()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("old copy");
        assertThat(to.channel("stable").orElseThrow().sequence()).isEqualTo(2);
    }
}
