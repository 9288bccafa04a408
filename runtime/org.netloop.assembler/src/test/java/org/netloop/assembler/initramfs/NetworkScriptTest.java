package org.netloop.assembler.initramfs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;

/**
 * Tests the functions of init that wait for a network, by the system's shell. Time passes by {@code
 * sleep} alone, and programs are scripts that succeed after some tries.
 */
@Timeout(60)
class NetworkScriptTest {
    private static final String FAKES =
            """
            clock=0 patience=0 offline=20 known=
            seconds() { echo $clock; }
            sleep() { clock=$((clock + ${1%%.*})); }
            tell() { echo "$*"; }
            stop() { echo "stop: $*"; exit 1; }
            ip() { :; }
            is_known() { [ -n "$known" ]; }
            address_later() { echo "$(cards type 1) later" >>$net/../asked; }
            spare() { :; }
            udhcpc() {
                if [ "$1" = -f ]; then
                    echo "$3 kept" >>$net/../asked
                    [ $clock -lt 20 ] || exit 0
                    return 1
                fi
                echo "$2" >>$net/../asked
                [ "$2" = "$offered" ] && [ $clock -ge "$later" ]
            }
            """;

    @TempDir private Path directory;
    private Path programs;

    @BeforeEach
    void prepare() throws IOException {
        Files.createDirectory(directory.resolve("net"));
        programs = Files.createDirectory(directory.resolve("bin"));
        card("lo", 772, 1);
    }

    private void card(String name, int type, int carrier) throws IOException {
        Path card = Files.createDirectory(directory.resolve("net").resolve(name));
        Files.writeString(card.resolve("type"), type + "\n");
        Files.writeString(card.resolve("carrier"), carrier + "\n");
        Files.writeString(card.resolve("address"), "52:54:00:00:00:" + name + "\n");
    }

    /** A program that notes its arguments, and fails that often. */
    private void program(String name, int failures) throws IOException {
        Path program = programs.resolve(name);
        String log = directory.resolve(name).toString();
        Files.writeString(
                program,
                "#!/bin/sh\necho \"$*\" >>"
                        + log
                        + "\necho refused\n[ $(cat "
                        + log
                        + " | wc -l) -gt "
                        + failures
                        + " ]\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }

    private List<String> run(String commands) throws Exception {
        String functions;
        try (InputStream in = BootTree.class.getResourceAsStream("network")) {
            functions =
                    new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
        String places = "net=" + directory.resolve("net") + " logs=" + directory + "\n";
        ProcessBuilder shell =
                new ProcessBuilder("/bin/sh", "-c", functions + places + FAKES + commands);
        shell.environment().compute("PATH", (_, path) -> programs + ":" + path);
        Process process = shell.redirectErrorStream(true).start();
        try (InputStream out = process.getInputStream()) {
            return new String(out.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    private List<String> noted(String name) throws IOException {
        return Files.readAllLines(directory.resolve(name));
    }

    @Test
    void everyCardWithACableIsAskedAgainUntilOneGetsAnAddress() throws Exception {
        card("eth0", 1, 1);
        card("eth1", 1, 1);
        card("eth2", 1, 0);
        card("tunnel", 768, 1);
        assertThat(run("offered=eth1 later=3; keep_address() { :; }; address"))
                .containsExactly(
                        "no address by DHCP on eth0 eth1; next try in 1 s",
                        "no address by DHCP on eth0 eth1; next try in 2 s",
                        "eth1 has an address");
        assertThat(noted("asked")).containsExactly("eth0", "eth1", "eth0", "eth1", "eth0", "eth1");
    }

    @Test
    void allAreAskedIfNoneSeemsToHaveACable() throws Exception {
        card("eth0", 1, 0);
        card("eth1", 1, 0);
        assertThat(run("offered=eth1 later=0; address")).containsExactly("eth1 has an address");
    }

    @Test
    void aLeaseIsRenewedUnderWhateverNameItsCardHas() throws Exception {
        card("eth0", 1, 1);
        assertThat(
                        run(
                                "sleep() { clock=$((clock + $1)); mv $net/eth0 $net/lan0; }\n"
                                        + "offered=eth0 later=0; address; wait"))
                .containsExactly("eth0 has an address");
        assertThat(noted("asked")).startsWith("eth0", "eth0 kept", "lan0 kept");
    }

    @Test
    void theBootEndsWhenPatienceIsOver() throws Exception {
        assertThat(run("patience=100 offered=none; address"))
                .hasSize(9)
                .startsWith(
                        "there is no network card, or its driver is not in this initramfs;"
                                + " next try in 1 s")
                .contains(
                        "there is no network card, or its driver is not in this initramfs;"
                                + " next try in 30 s")
                .endsWith(
                        "stop: there is no network card, or its driver is not in this initramfs"
                                + " (netloop.patience=100)");
    }

    @Test
    void aMachineThatHasACacheBootsWithoutANetwork() throws Exception {
        card("eth0", 1, 0);
        assertThat(run("known=yes offered=none; address; wait"))
                .hasSize(6)
                .endsWith("no network for 20 s: the machine boots from its cache");
        assertThat(noted("asked")).hasSize(7).endsWith("eth0 later");
    }

    @Test
    void theImageIsTheOneThatNetloopSays() throws Exception {
        Files.writeString(
                directory.resolve("netloop.log"),
                "a warning\n{\"volume\":\"root\",\"image\":\"sha256:0af9\",\"address\":\"/x\"}\n");
        assertThat(run("pid=$$; image")).containsExactly("sha256:0af9");
    }

    @Test
    void aGatewayThatComesLaterIsWaitedFor() throws Exception {
        program("nbd-client", 2);
        assertThat(run("connect gateway:10809/root"))
                .containsExactly(
                        "the gateway gateway:10809/root does not serve it: refused; next try in 1 s",
                        "the gateway gateway:10809/root does not serve it: refused; next try in 2 s",
                        "connected to gateway:10809/root");
        assertThat(noted("nbd-client"))
                .last()
                .isEqualTo("gateway 10809 /dev/nbd0 -N root -b 512 -readonly");
    }

    @Test
    void aGatewayIsAskedForItsDefaultExportIfNoneIsNamed() throws Exception {
        program("nbd-client", 0);
        run("connect gateway:10809");
        assertThat(noted("nbd-client")).containsExactly("gateway 10809 /dev/nbd0 -b 512 -readonly");
    }

    @Test
    void aMachineThatHasLostItsGatewayRestarts() throws Exception {
        Path console = directory.resolve("console");
        assertThat(
                        run(
                                "dd() { [ $clock -lt 10 ]; }\n"
                                        + "reboot() { echo \"$clock s: reboot $*\" >>"
                                        + console
                                        + "; }\n"
                                        + "failure=reboot device=/dev/none console="
                                        + console
                                        + "; watch_gateway gateway:10809"))
                .isEmpty();
        assertThat(console)
                .hasContent("netloop: the gateway gateway:10809 has gone: reboot\n20 s: reboot -f");
    }

    @Test
    void netloopIsStartedAgainWhenItEndsBeforeTheImageIsThere() throws Exception {
        program("netloop", 0);
        Path image = directory.resolve("image");
        String mount = "mount() { netloop \"$@\"; [ $clock -lt 3 ] || : >" + image + "; }\n";
        assertThat(run(mount + "serve " + image + " mount x"))
                .containsExactly(
                        "netloop ended: refused; next try in 1 s",
                        "netloop ended: refused; next try in 2 s");
        assertThat(noted("netloop")).containsExactly("x", "x", "x");
    }
}
