package org.netloop.control.bundles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.control.TestBundle;
import org.netloop.control.TestFramework;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.SynchronousBundleListener;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** Bundles that take longer to stop than they are given, in a framework of their own. */
@Timeout(60)
final class RetirementTest {
    private static final String NAME = "com.example.slow";

    /** Long enough to start within, on a machine that is busy. */
    private static final Duration LIMIT = Duration.ofSeconds(2);

    /** Stops once the latch is open that is a service of the framework. */
    public static final class Slow implements BundleActivator {
        @Override
        public void start(BundleContext context) {}

        @Override
        public void stop(BundleContext context) throws InterruptedException {
            context.getService(context.getServiceReference(CountDownLatch.class)).await();
        }
    }

    @TempDir private Path directory;

    private final CountDownLatch mayStop = new CountDownLatch(1);
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CountDownLatch removed = new CountDownLatch(1);
    private TestFramework framework;
    private BundleManager manager;

    @BeforeEach
    void start() throws Exception {
        framework = TestFramework.start(directory.resolve("framework"), Map.of());
        BundleContext context = framework.context();
        context.registerService(CountDownLatch.class, mayStop, null);
        context.addBundleListener(this::follow);
        manager = new BundleManager(context, directory.resolve("storage"), LIMIT);
    }

    private void follow(BundleEvent event) {
        switch (event.getType()) {
            case BundleEvent.STOPPED -> stopped.countDown();
            case BundleEvent.UNINSTALLED -> removed.countDown();
            default -> {}
        }
    }

    @AfterEach
    void stop() throws Exception {
        mayStop.countDown();
        framework.close();
    }

    private static Path jar(Path file) throws IOException {
        return TestBundle.write(
                file,
                NAME,
                Map.of(
                        Constants.BUNDLE_ACTIVATOR,
                        Slow.class.getName(),
                        Constants.IMPORT_PACKAGE,
                        "org.osgi.framework",
                        "Service-Component",
                        "OSGI-INF/*.xml"),
                Slow.class);
    }

    @Test
    void theFrameworkIsNotABundleToChange() {
        String name = framework.context().getBundle(0).getSymbolicName();
        for (String named : new String[] {"0", "00", name}) {
            assertThatThrownBy(() -> manager.stop(named))
                    .isInstanceOf(IOException.class)
                    .hasMessage("there is no bundle '" + named + "'; see netloop bundle ls");
        }
    }

    private Bundle bundle() {
        return Arrays.stream(framework.context().getBundles())
                .filter(each -> NAME.equals(each.getSymbolicName()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatStopsLateIsRemovedThenAndIsNotSaidToBeRemovedBefore() throws Exception {
        manager.install(jar(directory.resolve("slow.jar")));
        Bundle slow = bundle();
        assertThat(manager.uninstall(NAME))
                .isEqualTo(NAME + " is uninstalled as soon as it has stopped");
        manager.sweep();
        assertThat(manager.list()).extracting(Listed::state).containsExactly("stuck");
        mayStop.countDown();
        stopped.await();
        manager.sweep();
        assertThat(slow.getState()).isEqualTo(Bundle.UNINSTALLED);
        assertThat(manager.list()).isEmpty();
    }

    @Test
    void aPluginThatStopsLateIsRemovedWithoutAnotherRequest() throws Exception {
        Path plugins = Files.createDirectory(directory.resolve("plugins"));
        Path file = jar(plugins.resolve("slow.jar"));
        framework
                .context()
                .addBundleListener(
                        (SynchronousBundleListener)
                                event -> {
                                    if (event.getType() == BundleEvent.STOPPING) {
                                        stopping.countDown();
                                    }
                                });
        try (PluginDirectory followed = new PluginDirectory(plugins, manager)) {
            assertThat(followed.awaitFirst(Duration.ofSeconds(30))).isTrue();
            Files.delete(file);
            stopping.await();
            // Answered once its time is over.
            assertThat(manager.list()).extracting(Listed::state).containsExactly("stuck");
            mayStop.countDown();
            removed.await();
        }
    }
}
