package org.netloop.control.bundles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.status.Report;
import org.netloop.control.TestBundle;
import org.netloop.control.TestFramework;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Bundles with a class whose initializer fails for a while, in a framework of their own. */
@Timeout(60)
final class RenewalsTest {
    private static final String BROKEN = "netloop.test.broken";

    /** Cannot be initialized while a property of the process says so. */
    public static final class Fragile {
        static {
            if (Boolean.getBoolean(BROKEN)) {
                throw new IllegalStateException("no space left");
            }
        }
    }

    @TempDir private Path directory;

    private final AtomicLong now = new AtomicLong();
    private TestFramework framework;
    private Bundle fragile;
    private Bundle healthy;
    private ClassLoader ofHealthy;
    private Renewals renewals;

    @BeforeEach
    void start() throws Exception {
        framework = TestFramework.start(directory.resolve("framework"), Map.of());
        BundleContext context = framework.context();
        fragile = install(context, "com.example.fragile");
        healthy = install(context, "com.example.healthy");
        ofHealthy = loader(healthy);
        System.setProperty(BROKEN, "true");
        use(fragile);
        renewals =
                new Renewals(context, bundle -> bundle == fragile && !isUsable(bundle), now::get);
    }

    @AfterEach
    void stop() throws Exception {
        System.clearProperty(BROKEN);
        framework.close();
    }

    private Bundle install(BundleContext context, String name) throws Exception {
        Path file =
                TestBundle.write(directory.resolve(name + ".jar"), name, Map.of(), Fragile.class);
        Bundle bundle = context.installBundle("reference:" + file.toUri());
        bundle.start(Bundle.START_TRANSIENT);
        return bundle;
    }

    private static ClassLoader loader(Bundle bundle) throws ClassNotFoundException {
        return bundle.loadClass(Fragile.class.getName()).getClassLoader();
    }

    private static void use(Bundle bundle) throws ClassNotFoundException {
        ClassLoader loader = loader(bundle);
        assertThatThrownBy(() -> Class.forName(Fragile.class.getName(), true, loader))
                .isInstanceOf(LinkageError.class);
    }

    private static boolean isUsable(Bundle bundle) {
        try {
            Class.forName(Fragile.class.getName(), true, loader(bundle));
            return true;
        } catch (ClassNotFoundException | LinkageError _) {
            return false;
        }
    }

    private void pass(Duration time) throws InterruptedException {
        now.addAndGet(time.toNanos());
        renewals.look();
    }

    @Test
    void aClassWhoseInitializerFailedIsUsableAgainOnceTheCauseHasPassed() throws Exception {
        System.clearProperty(BROKEN);
        assertThat(isUsable(fragile)).as("without another class loader").isFalse();
        renewals.look();
        pass(Duration.ofSeconds(9));
        assertThat(isUsable(fragile)).as("before its time").isFalse();
        pass(Duration.ofSeconds(1));
        assertThat(isUsable(fragile)).isTrue();
        assertThat(fragile.getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(loader(healthy)).as("of the healthy bundle").isSameAs(ofHealthy);
    }

    @Test
    void pausesDoubleUpToTenMinutesAndAreShortAgainAfterAGoodWhile() throws Exception {
        renewals.look();
        for (int seconds : new int[] {10, 20, 40, 80, 160, 320, 600, 600}) {
            ClassLoader before = loader(fragile);
            pass(Duration.ofSeconds(seconds - 1));
            assertThat(loader(fragile)).as("before %s s", seconds).isSameAs(before);
            pass(Duration.ofSeconds(1));
            assertThat(loader(fragile)).as("after %s s", seconds).isNotSameAs(before);
        }
        System.clearProperty(BROKEN);
        pass(Duration.ofMinutes(10));
        pass(Duration.ofMinutes(20));
        ClassLoader good = loader(fragile);
        assertThat(isUsable(fragile)).isTrue();
        pass(Duration.ofHours(1));
        assertThat(loader(fragile)).isSameAs(good);
    }

    @Test
    void aBundleThatWasStoppedByItsOperatorIsLeftAlone() throws Exception {
        fragile.stop();
        renewals.look();
        pass(Duration.ofHours(1));
        assertThat(fragile.getState()).isEqualTo(Bundle.RESOLVED);
    }

    @Test
    void aReportOfAnUnusableClassNamesItsBundleUnlessClientsAreServedByIt() {
        Report codec =
                new Report(
                        new Report.Part("codec", "zstd", 7),
                        Report.State.QUARANTINED,
                        "codec zstd failed: java.lang.NoClassDefFoundError: Could not initialize"
                                + " class com.example.Native",
                        0,
                        List.of());
        Report throwing =
                new Report(
                        new Report.Part("codec", "xz", 8),
                        Report.State.QUARANTINED,
                        "codec xz failed: java.lang.IllegalStateException",
                        0,
                        List.of());
        Report attachment = Report.of(new Report.Part("attachment", "nbd", 7), List.of());
        assertThat(RenewalWatch.isSpoiled(7, List.of(codec, throwing))).isTrue();
        assertThat(RenewalWatch.isSpoiled(8, List.of(codec, throwing))).isFalse();
        assertThat(RenewalWatch.isSpoiled(7, List.of(codec, attachment))).isFalse();
    }
}
