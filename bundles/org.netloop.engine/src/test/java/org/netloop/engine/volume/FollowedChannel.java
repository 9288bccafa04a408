package org.netloop.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
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

/**
 * Fixture: a channel whose image is a number, a volume that follows it, and which images are
 * services.
 */
abstract class FollowedChannel extends InstalledEngine {
    int channel = 1;
    final List<Service> services = new ArrayList<>();
    final Publications publications = new Publications(context());
    final Remembered remembered = new Remembered();
    volatile List<URI> mirrors = List.of(URI.create("test://a/"));
    volatile boolean wanted = true;
    final Updates updates = new Updates("root", publications, this::find, remembered);

    /** Notes what would be remembered over a restart. */
    static final class Remembered implements Updates.Refusal {
        volatile List<Digest> rollback = List.of();

        /** True if a file could be written: a channel fails in a thread that is interrupted. */
        volatile boolean couldWrite;

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

    record Service(OpenedVolume volume, boolean gentle) {}

    static Digest digest(int image) {
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

    private FoundImage find() throws IOException, InterruptedException {
        return new FoundImage(openImage(), () -> wanted, () -> mirrors);
    }

    OpenedVolume openImage() throws IOException, InterruptedException {
        List<URI> bases = List.of(URI.create("test://a/"));
        return engine.opener()
                .open(
                        new VolumeSpec(
                                "root",
                                new Reference(bases.getFirst(), null, null),
                                List.of(),
                                patience),
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

    String ask(String what) throws Exception {
        Map<String, ?> answer = updates.answer(new ControlRequest("follow", Map.of("what", what)));
        return String.valueOf(answer.get("message"));
    }

    List<Digest> images() {
        return services.stream().map(one -> one.volume().image().digest()).toList();
    }

    void follow(Updates.Policy policy) {
        updates.follow(policy, Duration.ZERO);
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
