package org.netloop.control.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.netloop.control.TestBundle;
import org.netloop.control.TestFramework;
import org.netloop.control.bundles.BundleManager;
import org.netloop.control.bundles.PluginDirectory;
import org.netloop.control.changes.LastingBundles;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Tests features of a home that is made up, in a framework of the test's own. */
@Timeout(60)
final class FeatureManagerTest {
    private static final String REFUSED = "refused";

    @TempDir private Path directory;

    private final Map<String, Map<String, Object>> home = new LinkedHashMap<>();
    private final Set<String> configured = new TreeSet<>();
    private final Set<String> stays = new TreeSet<>();
    private boolean interrupts;
    private TestFramework framework;
    private BundleManager manager;
    private FeatureManager features;

    @BeforeEach
    void start() throws Exception {
        framework =
                TestFramework.start(
                        directory.resolve("framework"),
                        Map.of(
                                Constants.FRAMEWORK_BSNVERSION,
                                Constants.FRAMEWORK_BSNVERSION_MULTIPLE));
        Function<List<String>, Object> catalog =
                names ->
                        names.isEmpty()
                                ? home.values()
                                : names.stream().map(this::described).toList();
        framework
                .context()
                .registerService(
                        Function.class, catalog, new Hashtable<>(Map.of("netloop.features", true)));
        manager =
                new BundleManager(
                        framework.context(), directory.resolve("storage"), Duration.ofSeconds(10));
        features =
                new FeatureManager(
                        framework.context(),
                        proxy(
                                ConfigurationAdmin.class,
                                (_, arguments) -> configuration(String.valueOf(arguments[0]))),
                        manager,
                        new LastingBundles(manager, null, Clock.systemUTC()));
    }

    @AfterEach
    void stop() throws Exception {
        framework.close();
    }

    private interface Answer {
        @Nullable Object to(String method, Object[] arguments) throws IOException;
    }

    private static <T> T proxy(Class<T> type, Answer answer) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (_, method, arguments) -> answer.to(method.getName(), arguments)));
    }

    private Configuration configuration(String pid) {
        return proxy(
                Configuration.class,
                (method, _) -> {
                    if (method.equals("delete")) {
                        if (stays.contains(pid)) {
                            throw new IOException("the disk is read-only");
                        }
                        configured.remove(pid);
                    } else if (pid.equals(REFUSED)) {
                        if (interrupts) {
                            Thread.currentThread().interrupt();
                        }
                        throw new IOException("the disk is full");
                    } else {
                        configured.add(pid);
                    }
                    return null;
                });
    }

    private Map<String, Object> described(String name) {
        return Objects.requireNonNull(home.get(name));
    }

    private Path feature(String name, String... pids) throws IOException {
        Map<String, Object> configurations = new LinkedHashMap<>();
        for (String pid : pids) {
            configurations.put(pid, Map.of("key", "value"));
        }
        Path jar = jar("com.example." + name);
        home.put(
                name,
                Map.of(
                        "name",
                        name,
                        "description",
                        "brings " + name,
                        "includes",
                        List.of(),
                        "bundles",
                        List.of(jar),
                        "configurations",
                        configurations));
        return jar;
    }

    private Path jar(String name) throws IOException {
        return TestBundle.write(
                directory.resolve(name + ".jar"),
                name,
                Map.of(Constants.BUNDLE_VERSION, "1.0.0", "Service-Component", "OSGI-INF/*.xml"));
    }

    private List<String> running() {
        return Arrays.stream(framework.context().getBundles())
                .filter(bundle -> bundle.getState() == Bundle.ACTIVE)
                .map(Bundle::getSymbolicName)
                .filter(name -> name.startsWith("com.example."))
                .toList();
    }

    @Test
    void aFeatureThatLacksAFileIsListedAsBrokenAndTheOthersAsTheyAre() throws Exception {
        feature("fold");
        Files.delete(feature("tape"));
        assertThat(features.list())
                .extracting(row -> row.get("name") + " " + row.get("state"))
                .containsExactly("fold absent", "tape broken");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nothingIsLeftOfAFeatureThatIsNotAdded(boolean isInterrupted) throws Exception {
        interrupts = isInterrupted;
        feature("fold", "a", REFUSED);
        assertThatThrownBy(() -> features.add("fold", false)).hasMessage("the disk is full");
        assertThat(Thread.interrupted()).isEqualTo(isInterrupted);
        assertThat(framework.context().getBundles())
                .extracting(Bundle::getSymbolicName)
                .doesNotContain("com.example.fold");
        assertThat(configured).isEmpty();
    }

    @Test
    void whatIsAddedIsThereWithItsConfigurations() throws Exception {
        feature("fold", "a", "b");
        features.add("fold", false);
        assertThat(running()).containsExactly("com.example.fold");
        assertThat(configured).containsExactly("a", "b");
        features.remove("fold", false, false);
        assertThat(running()).isEmpty();
        assertThat(configured).isEmpty();
    }

    @Test
    void aFeatureThatIsNotRemovedAsAWholeIsThereAsBefore() throws Exception {
        manager.install(feature("fold", "a", "b"));
        manager.stop("com.example.fold");
        feature("tape", "a", "b");
        features.add("tape", false);
        stays.add("b");
        assertThatThrownBy(() -> features.remove("tape", false, false))
                .hasMessage(
                        "feature tape is not removed, and is there as before: the disk is"
                                + " read-only");
        assertThat(running()).containsExactly("com.example.tape");
        assertThat(configured).containsExactly("a", "b");
        assertThatThrownBy(() -> features.remove("fold", false, true)).hasMessageContaining("fold");
        assertThat(manager.running("com.example.fold").orElseThrow().isActive()).isFalse();
    }

    @Test
    void whatIsNotBroughtBackIsSaid() throws Exception {
        manager.install(feature("fold", "a", REFUSED));
        configured.add("a");
        stays.add(REFUSED);
        assertThatThrownBy(() -> features.remove("fold", false, false))
                .hasMessage(
                        "feature fold is removed in part, until the next start (the disk is full):"
                                + " the disk is read-only");
        assertThat(running()).containsExactly("com.example.fold");
    }

    @Test
    void aPluginDoesNotGoWithTheFeatureThatHasABundleOfItsName() throws Exception {
        Path plugins = Files.createDirectory(directory.resolve("plugins"));
        Files.copy(feature("fold"), plugins.resolve("fold.jar"));
        try (PluginDirectory followed = new PluginDirectory(plugins, manager)) {
            assertThat(followed.awaitFirst(Duration.ofSeconds(30))).isTrue();
            assertThatThrownBy(() -> features.remove("fold", false, true))
                    .hasMessageContaining("brings nothing");
            assertThat(running()).containsExactly("com.example.fold");
        }
    }
}
