package org.netloop.assembler.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.assembler.AssemblyException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

class ApplianceTest {
    @TempDir Path directory;
    private FakeHome home;

    @BeforeEach
    void install() throws Exception {
        home = new FakeHome(directory);
    }

    @Test
    void anApplianceHasTheBundlesOfItsFeatures() throws Exception {
        Appliance appliance = Appliance.resolve(home.sources("gateway"));
        assertThat(appliance.name()).isEqualTo("gateway");
        assertThat(appliance.features()).containsExactly("core", "zstd");
        assertThat(appliance.jars())
                .extracting(jar -> jar.getFileName().toString())
                .containsExactly("org.netloop.codec-1.2.jar", "org.netloop.zstd-1.2.jar");
        assertThat(appliance.settings().command()).containsExactly("run", "/etc/netloop");
    }

    @Test
    void featuresAreAnApplianceToo() throws Exception {
        Appliance appliance = Appliance.resolve(home.sources("core", "zstd"));
        assertThat(appliance.name()).isEqualTo("core+zstd");
        assertThat(appliance.jars()).hasSize(2);
    }

    @Test
    void anApplianceOfAThirdPartyIsNamedByItsFile() throws Exception {
        Path file = Files.createDirectory(directory.resolve("theirs")).resolve("mine.json");
        Files.copy(home.appliance("other", "\"core\"", ""), file);
        Appliance appliance = Appliance.resolve(home.sources(file.toString()));
        assertThat(appliance.name()).isEqualTo("mine");
        assertThat(appliance.features()).containsExactly("core");
    }

    @Test
    void aFeatureOrBundleThatIsNotThereIsNamed() throws Exception {
        assertThatThrownBy(() -> Appliance.resolve(home.sources("nothing")))
                .isInstanceOf(AssemblyException.class)
                .hasMessageContaining("no feature 'nothing'");
        Files.delete(directory.resolve("bundles/org.netloop.zstd-1.2.jar"));
        assertThatThrownBy(() -> Appliance.resolve(home.sources("gateway")))
                .hasMessageContaining("org.netloop.zstd-1.2.jar does not exist")
                .hasMessageContaining("add it to " + directory);
    }

    @Test
    void aPluginIsHeldAgainstItsDigest() throws Exception {
        Path jar = home.jar("features/appliances/p.jar", "p", Map.of());
        String digest = Plugins.sha256(jar);
        String settings = "\"plugins\": [{\"file\": \"p.jar\", \"sha256\": \"%s\"}]";
        home.appliance("good", "\"core\"", settings.formatted(digest));
        assertThat(Appliance.resolve(home.sources("good")).plugins()).containsExactly(jar);
        home.appliance("bad", "\"core\"", settings.formatted("0".repeat(64)));
        assertThatThrownBy(() -> Appliance.resolve(home.sources("bad")))
                .hasMessageContaining("its SHA-256 is " + digest);
        Files.delete(jar);
        assertThatThrownBy(() -> Appliance.resolve(home.sources("good")))
                .hasMessageContaining("p.jar does not exist");
    }

    @Test
    void aMemberThatNobodyKnowsIsRefused() throws Exception {
        home.appliance("odd", "\"core\"", "\"jvm\": []");
        assertThatThrownBy(() -> Appliance.resolve(home.sources("odd")))
                .hasMessageContaining("no member 'jvm'")
                .hasMessageContaining("java");
    }
}
