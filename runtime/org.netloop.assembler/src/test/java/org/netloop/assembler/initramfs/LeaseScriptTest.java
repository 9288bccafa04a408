package org.netloop.assembler.initramfs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Tests what is done with a lease, by the system's shell: {@code ip} only says what it was told.
 */
@Timeout(60)
class LeaseScriptTest {
    private static final Map<String, String> LEASE =
            Map.of("interface", "eth0", "ip", "10.0.0.5", "mask", "8", "router", "10.0.0.1 x");

    @TempDir private Path directory;

    private List<String> call(String event, Map<String, String> lease) throws IOException {
        String script;
        try (InputStream in = BootTree.class.getResourceAsStream("udhcpc.script")) {
            script = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
        script =
                script.replace("/tmp/", directory + "/")
                        .replace("/etc/resolv", directory + "/resolv");
        ProcessBuilder shell =
                new ProcessBuilder("/bin/sh", "-c", "ip() { echo \"$*\"; }\n" + script, "-", event);
        shell.environment().putAll(lease);
        Process process = shell.redirectErrorStream(true).start();
        try (InputStream out = process.getInputStream()) {
            return new String(out.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    @Test
    void theAddressIsTheOneOfTheLease() throws Exception {
        assertThat(call("bound", LEASE))
                .containsExactly(
                        "addr replace 10.0.0.5/8 dev eth0",
                        "route replace default via 10.0.0.1 dev eth0");
    }

    @Test
    void aRenewedLeaseTakesNothingAway() throws Exception {
        call("bound", LEASE);
        assertThat(call("renew", LEASE)).noneMatch(told -> told.startsWith("addr del"));
    }

    @Test
    void anAddressStaysWhenItsLeaseEnds() throws Exception {
        call("bound", LEASE);
        assertThat(call("deconfig", Map.of("interface", "eth0"))).isEmpty();
        assertThat(call("leasefail", Map.of("interface", "eth0"))).isEmpty();
    }

    @Test
    void anotherAddressReplacesTheFormerOne() throws Exception {
        call("bound", LEASE);
        assertThat(call("bound", Map.of("interface", "eth0", "ip", "10.0.0.6", "mask", "8")))
                .containsExactly(
                        "addr del 10.0.0.5/8 dev eth0", "addr replace 10.0.0.6/8 dev eth0");
    }

    @Test
    void nameServersStayUntilOthersAreTold() throws Exception {
        call("bound", Map.of("interface", "eth0", "ip", "10.0.0.5", "dns", "10.0.0.2 10.0.0.3"));
        call("renew", LEASE);
        assertThat(directory.resolve("resolv.conf"))
                .hasContent("nameserver 10.0.0.2\nnameserver 10.0.0.3");
    }
}
