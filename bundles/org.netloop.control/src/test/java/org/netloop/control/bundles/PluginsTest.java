package org.netloop.control.bundles;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.control.TestBundle;
import org.netloop.control.TestFramework;
import org.netloop.control.changes.ChangeStore;
import org.netloop.control.changes.LastingBundles;
import org.netloop.control.registry.FileStamps;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tests how the files of a plugin directory are installed, in a framework of the test's own. */
@Timeout(60)
final class PluginsTest {
    private static final String NAME = "com.example.fold";
    private static final Clock NOW =
            Clock.fixed(Instant.parse("2026-11-30T12:00:00Z"), ZoneOffset.UTC);

    @TempDir private Path directory;

    private TestFramework framework;
    private Path files;
    private BundleManager manager;
    private Plugins plugins;
    private FileStamps last = FileStamps.NONE;

    @BeforeEach
    void start() throws Exception {
        framework =
                TestFramework.start(
                        directory.resolve("framework"),
                        Map.of(
                                Constants.FRAMEWORK_BSNVERSION,
                                Constants.FRAMEWORK_BSNVERSION_MULTIPLE));
        files = Files.createDirectory(directory.resolve("plugins"));
        manager =
                new BundleManager(
                        framework.context(), directory.resolve("storage"), Duration.ofSeconds(10));
        plugins = new Plugins(files, manager);
    }

    @AfterEach
    void stop() throws Exception {
        framework.close();
    }

    /** A bundle with nothing in it but headers, told in pairs. */
    private static Path jar(Path file, String version, String... more) throws IOException {
        Map<String, String> headers = new HashMap<>();
        headers.put(Constants.BUNDLE_VERSION, version);
        headers.put("Service-Component", "OSGI-INF/*.xml");
        for (int i = 0; i < more.length; i += 2) {
            headers.put(more[i], more[i + 1]);
        }
        return TestBundle.write(file, NAME, headers);
    }

    private boolean settle() throws IOException, InterruptedException {
        last = last.again(files, "*.jar");
        return plugins.settle(last);
    }

    /** Versions of the bundles of that name that run. */
    private List<String> running() {
        return Arrays.stream(framework.context().getBundles())
                .filter(bundle -> bundle.getState() == Bundle.ACTIVE)
                .filter(bundle -> NAME.equals(bundle.getSymbolicName()))
                .map(bundle -> bundle.getVersion().toString())
                .toList();
    }

    @Test
    void whatIsTakenAwayIsRemovedAndNothingOfItIsPutBack() throws Exception {
        Path file = jar(files.resolve("fold.jar"), "1.0.0");
        assertThat(settle()).isTrue();
        assertThat(running()).containsExactly("1.0.0");
        jar(file, "1.1.0");
        assertThat(settle()).isTrue();
        assertThat(running()).containsExactly("1.1.0");
        Files.delete(file);
        assertThat(settle()).isTrue();
        assertThat(running()).isEmpty();
    }

    @Test
    void whatAPluginReplacedIsBackWhenItGoesHoweverManyVersionsItHad() throws Exception {
        Path own = jar(directory.resolve("own.jar"), "0.9.0");
        framework.context().installBundle("reference:" + own.toUri()).start();
        Path file = files.resolve("fold.jar");
        for (int i = 1; i < 8; i++) {
            jar(file, "1." + i + ".0");
            settle();
        }
        assertThat(running()).containsExactly("1.7.0");
        Files.delete(file);
        settle();
        assertThat(running()).containsExactly("0.9.0");
    }

    @Test
    void ofTwoVersionsTheNewerIsUsedAndTheOtherWhenItGoes() throws Exception {
        jar(files.resolve("a.jar"), "1.10.0");
        jar(files.resolve("b.jar"), "1.9.0");
        settle();
        assertThat(running()).containsExactly("1.10.0");
        assertThat(plugins.refusals().get("b.jar")).contains("1.10.0 of a.jar");
        assertThat(settle()).isFalse();
        Files.delete(files.resolve("a.jar"));
        settle();
        assertThat(running()).containsExactly("1.9.0");
        assertThat(plugins.refusals()).isEmpty();
    }

    @Test
    void aRefusedFileIsTakenOnceWhatItLackedIsThere() throws Exception {
        String lacked = "com.example.tape;tape=1";
        jar(files.resolve("fold.jar"), "1.0.0", Constants.REQUIRE_CAPABILITY, "com.example.tape");
        settle();
        assertThat(running()).isEmpty();
        assertThat(plugins.refusals()).containsKey("fold.jar");
        Path other =
                jar(
                        directory.resolve("tape.jar"),
                        "1.0.0",
                        Constants.BUNDLE_SYMBOLICNAME,
                        "com.example.tape",
                        Constants.PROVIDE_CAPABILITY,
                        lacked);
        framework.context().installBundle("reference:" + other.toUri()).start();
        assertThat(settle()).isTrue();
        assertThat(running()).containsExactly("1.0.0");
        assertThat(plugins.refusals()).isEmpty();
    }

    @Test
    void onlyAFileThatCameOrChangedSinceTheStartIsALaterWishThanAKeptChange() throws Exception {
        Path kept = Files.createDirectory(directory.resolve("kept"));
        Path file =
                jar(files.resolve("fold.jar"), "1.0.0", Constants.REQUIRE_CAPABILITY, "tape.drive");
        LastingBundles former = new LastingBundles(manager, new ChangeStore(kept), NOW);
        former.install(jar(directory.resolve("fold-2.jar"), "2.0.0"));
        manager.uninstall(NAME);

        LastingBundles lasting = new LastingBundles(manager, new ChangeStore(kept), NOW);
        settle();
        lasting.restore();
        Path drive =
                jar(
                        directory.resolve("drive.jar"),
                        "1.0.0",
                        Constants.BUNDLE_SYMBOLICNAME,
                        "tape.drive",
                        Constants.PROVIDE_CAPABILITY,
                        "tape.drive");
        framework.context().installBundle("reference:" + drive.toUri()).start();
        assertThat(settle()).isTrue();
        assertThat(plugins.refusals()).isEmpty();
        assertThat(running()).containsExactly("2.0.0");
        assertThat(lasting.changes()).hasSize(1);

        jar(file, "1.5.0");
        settle();
        assertThat(running()).containsExactly("1.5.0");
        assertThat(lasting.changes()).isEmpty();
    }

    @Test
    void aPluginThatBringsWhatAnotherLacksIsTakenInAnyOrder() throws Exception {
        jar(files.resolve("a.jar"), "1.0.0", Constants.REQUIRE_CAPABILITY, "com.example.tape");
        jar(
                files.resolve("b.jar"),
                "1.0.0",
                Constants.BUNDLE_SYMBOLICNAME,
                "com.example.tape",
                Constants.PROVIDE_CAPABILITY,
                "com.example.tape");
        settle();
        assertThat(plugins.refusals()).isEmpty();
    }

    @Test
    void whatVerifyRefusesIsNotInstalled() throws Exception {
        jar(files.resolve("fold.jar"), "1.0.0", Constants.EXPORT_PACKAGE, "com.example.fold");
        Files.writeString(files.resolve("text.jar"), "text");
        settle();
        assertThat(running()).isEmpty();
        assertThat(plugins.refusals().get("fold.jar")).contains("exports the package");
        assertThat(plugins.refusals().get("text.jar")).contains("cannot be read as a jar");
    }

    @Test
    void aBrokenFileLeavesWhatItHeldBefore() throws Exception {
        Path file = jar(files.resolve("fold.jar"), "1.0.0");
        settle();
        Files.writeString(file, "text");
        settle();
        assertThat(running()).containsExactly("1.0.0");
        Files.delete(file);
        settle();
        assertThat(running()).isEmpty();
    }

    @Test
    void codeThatOthersCouldHaveWrittenIsNotRun() throws Exception {
        Path file = jar(files.resolve("fold.jar"), "1.0.0");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        settle();
        assertThat(plugins.refusals().get("fold.jar")).contains("may be written by everybody");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Files.setPosixFilePermissions(files, PosixFilePermissions.fromString("rwxrwxrwx"));
        settle();
        assertThat(running()).isEmpty();
        assertThat(plugins.refusals().get("fold.jar")).contains("everybody may write");
        Files.setPosixFilePermissions(files, PosixFilePermissions.fromString("rwx------"));
        settle();
        assertThat(running()).containsExactly("1.0.0");
    }
}
