package org.netloop.assembler.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.assembler.Assembly;
import org.netloop.assembler.AssemblyException;
import org.netloop.assembler.layout.Appliance;
import org.netloop.assembler.layout.FakeHome;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

class BootMenuTest {
    @TempDir Path directory;
    private FakeHome home;

    @BeforeEach
    void install() throws Exception {
        home = new FakeHome(directory);
    }

    private BootMenu menu(Map<String, String> options) throws Exception {
        return BootMenu.of(
                new Assembly(
                        Appliance.resolve(home.sources("gateway")),
                        directory,
                        Instant.EPOCH,
                        "1",
                        options));
    }

    @Test
    void oneEntryIsBootedWithoutAQuestion() throws Exception {
        BootMenu menu = menu(Map.of("append", " console=ttyS0  netloop.nbd=gateway:10809/root "));
        assertThat(menu.ipxe())
                .startsWith("#!ipxe\n")
                .contains(
                        "kernel kernel initrd=initrd console=ttyS0 netloop.nbd=gateway:10809/root ||")
                .doesNotContain("choose");
        assertThat(menu.isolinux()).contains("prompt 0\n").contains("kernel /kernel\n");
        assertThat(menu.grub()).contains("timeout=0").contains("initrd $base/initrd\n");
    }

    @Test
    void channelsAreAMenuAndTheFirstIsTheDefault() throws Exception {
        BootMenu menu =
                menu(
                        Map.of(
                                "repo", "http://m/root/",
                                "channels", "stable,next",
                                "append", "netloop.key=RWT"));
        assertThat(menu.entries().keySet()).containsExactly("stable", "next");
        assertThat(menu.ipxe())
                .contains("choose --default stable --timeout 5000")
                .contains(":next\n")
                .contains("netloop.repo=http://m/root/#next netloop.key=RWT");
        assertThat(menu.isolinux()).startsWith("default stable\n").contains("prompt 1\n");
        assertThat(menu.grub())
                .contains("menuentry 'next' {\n")
                .contains("'netloop.repo=http://m/root/#next' 'netloop.key=RWT'");
    }

    @Test
    void whatALoaderWouldReadOtherwiseIsRefused() {
        for (String word :
                new String[] {"a=${net0}", "a='b", "a=\"b", "a=\\b", "a=\u00e9", "a\nb"}) {
            assertThatThrownBy(() -> menu(Map.of("repo", "r", "append", word)))
                    .isInstanceOf(AssemblyException.class)
                    .hasMessageContaining("cannot be passed on by a boot loader");
        }
        for (String word : new String[] {"&&", "||", ";"}) {
            assertThatThrownBy(() -> menu(Map.of("repo", "r", "append", "quiet " + word + " x")))
                    .isInstanceOf(AssemblyException.class)
                    .hasMessageContaining("'" + word + "' in append= would end the command line");
        }
        assertThatThrownBy(() -> menu(Map.of("repo", "r", "channels", "a,,b")))
                .hasMessageContaining("'' is no name of a channel");
    }

    @Test
    void aSeparatorWithinAWordIsOfTheWord() throws Exception {
        assertThat(menu(Map.of("repo", "r", "append", "a=b;c d=e&&f")).ipxe())
                .contains("netloop.repo=r a=b;c d=e&&f || exit 1");
    }

    @Test
    void aMediumWithoutARootIsRefused() {
        assertThatThrownBy(() -> menu(Map.of("append", "quiet")))
                .hasMessageContaining("nothing says where the root comes from");
        assertThatThrownBy(() -> menu(Map.of("channels", "stable")))
                .hasMessageContaining("name it by -o repo=");
    }
}
