package org.netloop.overlay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.control.ControlRequest;
import org.netloop.api.control.ControlVerb;
import org.netloop.api.volume.Overlays;
import org.netloop.api.volume.Volume;
import org.netloop.tck.MemoryImage;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A deployment tells a command where its overlay lies. */
@Timeout(60)
class ConfiguredOverlayTest {
    private static final int BLOCK = 4096;

    @TempDir Path directory;

    private final Map<String, ControlVerb> verbs = new HashMap<>();
    private final List<Volume> shown = new ArrayList<>();
    private final List<Duration> delays = new ArrayList<>();
    private @Nullable Runnable due;

    private Runnable after(Duration delay, Runnable task) {
        delays.add(delay);
        due = task;
        return () -> due = null;
    }

    private void pass() {
        Runnable task = Objects.requireNonNull(due);
        due = null;
        task.run();
    }

    /** A registry that keeps verbs and volumes. */
    private BundleContext context() {
        return (BundleContext)
                Proxy.newProxyInstance(
                        BundleContext.class.getClassLoader(),
                        new Class<?>[] {BundleContext.class},
                        (_, method, arguments) -> {
                            assertThat(method.getName()).isEqualTo("registerService");
                            if (arguments[1] instanceof ControlVerb verb) {
                                Dictionary<?, ?> properties = (Dictionary<?, ?>) arguments[2];
                                verbs.put(String.valueOf(properties.get(ControlVerb.NAME)), verb);
                            }
                            if (arguments[1] instanceof Volume volume) {
                                assertThat(verbs).as("for whoever sees it").hasSize(2);
                                shown.add(volume);
                                return registration(() -> shown.remove(volume));
                            }
                            return registration(() -> {});
                        });
    }

    private static ServiceRegistration<?> registration(Runnable end) {
        return (ServiceRegistration<?>)
                Proxy.newProxyInstance(
                        ServiceRegistration.class.getClassLoader(),
                        new Class<?>[] {ServiceRegistration.class},
                        (_, method, _) -> {
                            assertThat(method.getName()).isEqualTo("unregister");
                            end.run();
                            return null;
                        });
    }

    private static ConfiguredOverlay.Config config(Path place) {
        Map<String, Object> values =
                Map.of(
                        "name", "top",
                        "volume", "memory",
                        "directory", place.toString(),
                        "snapshot", "",
                        "budget_mib", 0);
        return (ConfiguredOverlay.Config)
                Proxy.newProxyInstance(
                        ConfiguredOverlay.Config.class.getClassLoader(),
                        new Class<?>[] {ConfiguredOverlay.Config.class},
                        (_, method, _) -> values.get(method.getName()));
    }

    @Test
    void anOverlayThatIsRebasedWhileItsDeploymentRunsComesBack() throws Exception {
        Path place = directory.resolve("changes");
        MemoryImage before = MemoryImage.of(BLOCK, new byte[BLOCK]);
        MemoryImage now = MemoryImage.of(BLOCK, new byte[2 * BLOCK]);
        ConfiguredOverlay overlay = new ConfiguredOverlay(context(), config(place), this::after);
        overlay.bindVolume(before);
        overlay.start();
        try {
            assertThat(shown).hasSize(1);
            assertThat(due).isNull();

            overlay.bindVolume(now);
            overlay.unbindVolume(before);
            assertThat(shown).isEmpty();
            pass();
            pass();
            assertThat(shown).isEmpty();
            assertThat(delays)
                    .containsExactly(
                            Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4));

            // It is held by nobody, so that it can be rebased.
            try (Storage held = DiskStorage.hold(place)) {
                pass();
                assertThat(shown).isEmpty();
                Heading old = Heading.read(held);
                old.onto(now.identity(), now.size(), now.size()).write(held);
            }
            pass();
            assertThat(shown).singleElement().matches(volume -> volume.size() == now.size());
            assertThat(due).isNull();
        } finally {
            overlay.stop();
        }
    }

    @Test
    void anOverlayOfAnotherImageSaysWhatToDoAndIsNotTriedAgainOnceItIsStopped() throws Exception {
        Path place = directory.resolve("changes");
        MemoryImage other = MemoryImage.of(BLOCK, new byte[2 * BLOCK]);
        new OverlayOpener().open(other, place.toString(), Overlays.UNLIMITED).close();
        MemoryImage base = MemoryImage.of(BLOCK, new byte[BLOCK]);
        Heading heading;
        try (Storage looked = DiskStorage.look(place)) {
            heading = Heading.read(looked);
        }
        assertThatThrownBy(() -> heading.require(base, place.toString()))
                .hasMessageContaining("netloop overlay rebase REF " + place)
                .hasMessageContaining("netloop overlay discard " + place);
        ConfiguredOverlay overlay = new ConfiguredOverlay(context(), config(place), this::after);
        overlay.bindVolume(base);
        overlay.start();
        assertThat(due).isNotNull();
        overlay.stop();
        assertThat(due).isNull();
        assertThat(shown).isEmpty();
    }

    @Test
    void whatIsInMemoryIsNotDroppedForAnotherImage() throws Exception {
        MemoryImage before = MemoryImage.of(BLOCK, new byte[BLOCK]);
        MemoryImage now = MemoryImage.of(BLOCK, new byte[2 * BLOCK]);
        ConfiguredOverlay overlay =
                new ConfiguredOverlay(context(), config(Path.of(Overlays.MEMORY)), this::after);
        overlay.bindVolume(before);
        overlay.start();
        try {
            shown.getFirst().write(5, ByteBuffer.wrap(new byte[] {7}));
            overlay.bindVolume(now);
            overlay.unbindVolume(before);
            assertThat(shown).isEmpty();
            assertThat(due).isNotNull();
            overlay.bindVolume(before);
            overlay.unbindVolume(now);
            ByteBuffer read = ByteBuffer.allocate(1);
            shown.getFirst().read(5, read);
            assertThat(read.get(0)).isEqualTo((byte) 7);
            assertThat(due).isNull();
        } finally {
            overlay.stop();
        }
    }

    /** The verbs take turns with an upgrade, which goes on without them. */
    @Test
    void whatItsVerbsDoOutlivesTheProcess() throws Exception {
        ConfiguredOverlay overlay =
                new ConfiguredOverlay(context(), config(directory.resolve("changes")));
        overlay.bindVolume(MemoryImage.of(BLOCK, new byte[BLOCK]));
        overlay.start();
        try {
            assertThat(verbs).containsOnlyKeys("overlay.snapshot.top", "overlay.discard.top");
            verbs.forEach(
                    (name, verb) ->
                            assertThat(verb.isChange(new ControlRequest(name, Map.of())))
                                    .as(name)
                                    .isTrue());
        } finally {
            overlay.stop();
        }
    }

    @Test
    void theDirectoryIsToldSoThatAnotherProcessFindsIt() throws Exception {
        Path place = directory.resolve("changes").toAbsolutePath().normalize();
        Path relative = Path.of("").toAbsolutePath().relativize(place);
        ConfiguredOverlay overlay = new ConfiguredOverlay(context(), config(relative));
        overlay.bindVolume(MemoryImage.of(BLOCK, new byte[BLOCK]));
        overlay.start();
        try {
            ControlVerb take = Objects.requireNonNull(verbs.get("overlay.snapshot.top"));
            Map<String, ?> answer =
                    take.answer(
                            new ControlRequest("overlay.snapshot.top", Map.of("snapshot", "now")));
            assertThat(answer.get("directory")).isEqualTo(place.toString());
            assertThat(new OverlayOpener().about(place).snapshots()).containsExactly("now");
        } finally {
            overlay.stop();
        }
    }
}
