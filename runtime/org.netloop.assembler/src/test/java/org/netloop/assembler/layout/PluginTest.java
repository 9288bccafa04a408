package org.netloop.assembler.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.netloop.assembler.AssemblyException;
import org.netloop.assembler.tree.Content;
import org.netloop.assembler.tree.Tree;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Tests names of plugins, which become names of files. */
class PluginTest {
    @TempDir private Path directory;

    private Path jar(String name, String version) throws IOException {
        Manifest manifest = new Manifest();
        Attributes headers = manifest.getMainAttributes();
        headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.putValue("Bundle-SymbolicName", name);
        headers.putValue("Bundle-Version", version);
        Path jar = directory.resolve("plugin.jar");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        return jar;
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../elsewhere", "..", "a..b", ".a", "a/b", "a b"})
    void aNameThatIsNotASymbolicNameIsRefused(String name) throws Exception {
        Path jar = jar(name, "1");
        assertThatThrownBy(() -> Plugin.of(jar))
                .isInstanceOf(AssemblyException.class)
                .hasMessageEndingWith("its Bundle-SymbolicName is '" + name + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1/../../elsewhere", "1.0.0.a/b", "..", "1.0.0.1.1", "a"})
    void aVersionThatIsNotOneIsRefused(String version) throws Exception {
        Path jar = jar("a", version);
        assertThatThrownBy(() -> Plugin.of(jar))
                .isInstanceOf(AssemblyException.class)
                .hasMessageEndingWith("its Bundle-Version is '" + version + "'");
    }

    @Test
    void itsFileIsNamedByBoth() throws Exception {
        assertThat(Plugin.of(jar("org.example.a-b_c", "1.2.3.rc-1")).file())
                .isEqualTo("org.example.a-b_c-1.2.3.rc-1.jar");
        assertThat(Plugin.of(jar("a;singleton:=true", "1")).file()).isEqualTo("a-1.jar");
    }

    @Test
    void noMemberOfATreeLiesOutside() {
        assertThatThrownBy(() -> new Tree().file("a/../../b", Content.of("b"), "other"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'a/../../b' leads out of the tree");
    }
}
