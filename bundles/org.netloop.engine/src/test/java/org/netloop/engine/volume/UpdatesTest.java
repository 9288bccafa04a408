package org.netloop.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.Extent;
import org.netloop.api.block.Verification;
import org.netloop.api.control.ControlRequest;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.Index;
import org.netloop.api.index.ObjectReader;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.FetchException;
import org.netloop.api.volume.Volume;
import org.netloop.api.volume.Volumes.VolumeSpec;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Follows a channel whose image is a number, and looks at which images are services. */
class UpdatesTest extends InstalledEngine {
    private int channel = 1;
    private final List<Service> services = new ArrayList<>();
    private final Publications publications = new Publications(context());
    private final Remembered remembered = new Remembered();
    private final Updates updates = new Updates("root", publications, this::openImage, remembered);

    /** Notes what would be remembered over a restart. */
    private static final class Remembered implements Updates.Refusal {
        private volatile List<Digest> rollback = List.of();

        /** True if a file could be written: a channel fails in a thread that is interrupted. */
        private volatile boolean couldWrite;

        @Override
        public void put(Digest image, Digest left) {
            couldWrite = !Thread.currentThread().isInterrupted();
            rollback = List.of(image, left);
        }

        @Override
        public void clear() {
            rollback = List.of();
        }
    }

    private record Service(OpenedVolume volume, boolean gentle) {}

    private static Digest digest(int image) {
        return Digest.of(DigestAlgorithm.SHA256, ByteBuffer.wrap(new byte[] {(byte) image}));
    }

    /** Notes the services that are registered. */
    private BundleContext context() {
        return proxy(
                BundleContext.class,
                arguments -> {
                    Dictionary<?, ?> properties = (Dictionary<?, ?>) arguments[2];
                    boolean gentle = Boolean.TRUE.equals(properties.get(Volume.GENTLE));
                    Service service = new Service((OpenedVolume) arguments[1], gentle);
                    services.add(service);
                    return proxy(ServiceRegistration.class, _ -> services.remove(service));
                });
    }

    private interface Answer {
        @Nullable Object to(Object[] arguments);
    }

    private static <T> T proxy(Class<T> type, Answer answer) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (_, method, arguments) -> {
                            Object result = answer.to(arguments);
                            return method.getReturnType() == void.class ? null : result;
                        }));
    }

    private OpenedVolume openImage() throws IOException, InterruptedException {
        List<URI> bases = List.of(URI.create("test://a/"));
        return engine.openVolume(
                new VolumeSpec(
                        "root", new Reference(bases.getFirst(), null, null), List.of(), PATIENCE),
                bases);
    }

    @BeforeEach
    void openTheFirstImage() throws Exception {
        engine.unbindFormat(format);
        engine.bindFormat(
                new WrappedFormat(format) {
                    @Override
                    public Index open(Reference reference, ObjectReader objects)
                            throws FetchException, InterruptedException {
                        Index index = super.open(reference, objects);
                        return new NamedIndex(index, digest(channel));
                    }
                },
                Map.of());
        publications.add(openImage());
    }

    @AfterEach
    void close() {
        updates.close();
        publications.close();
        assertThat(services).isEmpty();
    }

    private String ask(String what) throws Exception {
        Map<String, ?> answer = updates.answer(new ControlRequest("follow", Map.of("what", what)));
        return String.valueOf(answer.get("message"));
    }

    private List<Digest> images() {
        return services.stream().map(one -> one.volume().image().digest()).toList();
    }

    private void follow(Updates.Policy policy) {
        updates.follow(policy, Duration.ZERO);
    }

    @Test
    void existingAttachmentsKeepTheirsUntilTheyAreSwitched() throws Exception {
        follow(Updates.Policy.ON_DETACH);
        channel = 2;
        assertThat(ask("update")).contains("existing ones keep theirs");
        assertThat(images()).containsExactly(digest(1), digest(2));
        assertThat(services.getLast().gentle()).isTrue();
        ask("switch");
        assertThat(images()).containsExactly(digest(2));
    }

    @Test
    void anImageThatIsAskedForWaits() throws Exception {
        follow(Updates.Policy.ASK);
        channel = 2;
        assertThat(ask("update")).contains("is ready");
        assertThat(ask("update")).contains("is ready");
        assertThat(images()).containsExactly(digest(1));
        ask("switch");
        assertThat(images()).containsExactly(digest(2));
    }

    @Test
    void allGetItNowIfSoConfigured() throws Exception {
        follow(Updates.Policy.NOW);
        channel = 2;
        ask("update");
        assertThat(images()).containsExactly(digest(2));
        assertThat(services.getLast().gentle()).isFalse();
    }

    @Test
    void theWayBackNeedsNoMirrorAndTheImageLeftIsNotTakenAgain() throws Exception {
        follow(Updates.Policy.NOW);
        channel = 2;
        ask("update");
        transport.faults.put(
                "a",
                (_, _) -> {
                    throw new FetchException.Unavailable("unplugged", null);
                });
        assertThat(ask("rollback")).contains("is back at image " + digest(1));
        assertThat(images()).containsExactly(digest(1));
        transport.faults.clear();
        ask("update");
        assertThat(images()).containsExactly(digest(1));
        channel = 3;
        ask("update");
        assertThat(images()).containsExactly(digest(3));
    }

    @Test
    void aSwitchThatFailsDoesNotForgetWhatIsNotTaken() throws Exception {
        follow(Updates.Policy.NOW);
        channel = 2;
        ask("update");
        ask("rollback");
        transport.faults.put(
                "a",
                (_, _) -> {
                    throw new FetchException.Unavailable("unplugged", null);
                });
        assertThatThrownBy(() -> ask("switch")).hasMessageContaining("unplugged");
        transport.faults.clear();
        assertThat(remembered.rollback).containsExactly(digest(1), digest(2));
        ask("update");
        assertThat(images()).containsExactly(digest(1));
        ask("switch");
        assertThat(images()).containsExactly(digest(2));
        assertThat(remembered.rollback).isEmpty();
    }

    @Test
    void withoutAnImageBeforeThereIsNoWayBack() {
        assertThatThrownBy(() -> ask("rollback"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("REPO@DIGEST");
    }

    @Test
    void anImageThatCannotBeOpenedChangesNothing() throws Exception {
        follow(Updates.Policy.NOW);
        transport.faults.put(
                "a",
                (_, _) -> {
                    throw new FetchException.Unavailable("unplugged", null);
                });
        assertThatThrownBy(() -> ask("update")).isInstanceOf(IOException.class);
        assertThat(images()).containsExactly(digest(1));
    }

    @Test
    void imagesThatServeAreBounded() throws Exception {
        follow(Updates.Policy.ON_DETACH);
        for (channel = 2; channel < 8; channel++) {
            ask("update");
        }
        assertThat(images()).containsExactly(digest(1), digest(2), digest(3), digest(4));
        ask("switch");
        assertThat(images()).containsExactly(digest(7));
    }

    @Test
    void anImageThatDoesNotProveItselfIsLeftByItself() throws Exception {
        follow(Updates.Policy.NOW);
        updates.probe(new HealthCommand(List.of("/bin/false"), Duration.ofMillis(50)));
        channel = 2;
        ask("update");
        while (remembered.rollback.isEmpty()) {
            Thread.onSpinWait();
        }
        assertThat(remembered.rollback).containsExactly(digest(1), digest(2));
        assertThat(remembered.couldWrite).isTrue();
        assertThat(images()).containsExactly(digest(1));
        ask("update");
        assertThat(images()).containsExactly(digest(1));
        updates.probe(new HealthCommand(List.of(), Duration.ZERO));
        ask("switch");
        assertThat(images()).containsExactly(digest(2));
        assertThat(remembered.rollback).isEmpty();
    }

    @Test
    void whatWasLeftBeforeARestartIsNotTaken() throws Exception {
        follow(Updates.Policy.NOW);
        updates.restart(digest(2));
        channel = 2;
        ask("update");
        assertThat(images()).containsExactly(digest(1));
    }

    @Test
    void theChannelIsLookedAtByItself() throws Exception {
        updates.follow(Updates.Policy.NOW, Duration.ofMillis(5));
        channel = 2;
        while (!Objects.requireNonNull(publications.present()).image().digest().equals(digest(2))) {
            Thread.onSpinWait();
        }
    }

    private record NamedIndex(Index index, Digest name) implements Index {
        @Override
        public ImageInfo image() {
            ImageInfo info = index.image();
            return new ImageInfo(
                    name,
                    info.format(),
                    info.size(),
                    info.maxBlockLength(),
                    info.codec(),
                    null,
                    info.storedBytes(),
                    info.labels(),
                    Verification.STORED);
        }

        @Override
        public Block block(long offset) throws FetchException, InterruptedException {
            return index.block(offset);
        }

        @Override
        public @Nullable Block blockIfLoaded(long offset) {
            return index.blockIfLoaded(offset);
        }

        @Override
        public Extent extent(long offset) throws FetchException, InterruptedException {
            return index.extent(offset);
        }
    }
}
