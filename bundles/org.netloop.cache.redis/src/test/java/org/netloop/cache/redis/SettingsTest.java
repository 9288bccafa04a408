package org.netloop.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

/** Settings, credentials, and what servers say, as values. */
final class SettingsTest {
    private static final String SECRET = "hunter2secret";

    @TempDir Path home;

    private static Settings settings(Map<String, Object> given) {
        return Settings.of(Opened.config(given));
    }

    @Test
    void nodesHaveTheUsualPorts() {
        assertThat(settings(Map.of("nodes", new String[] {" redis.site "})).name())
                .isEqualTo("single redis.site:6379");
        assertThat(
                        settings(
                                        Map.of(
                                                "nodes",
                                                new String[] {"a", "[::1]:7000"},
                                                "mode",
                                                "sentinel",
                                                "master_name",
                                                "site"))
                                .name())
                .isEqualTo("sentinel a:26379, [::1]:7000");
    }

    @Test
    void whatIsWrongIsNamedAndASecretIsNotShown() {
        assertThatThrownBy(() -> settings(Map.of())).hasMessageContaining("nodes of");
        assertThatThrownBy(() -> settings(Map.of("nodes", new String[] {"a"}, "mode", "ring")))
                .hasMessageContaining("mode 'ring'");
        assertThatThrownBy(() -> settings(Map.of("nodes", new String[] {"a", "b"})))
                .hasMessageContaining("mode single has one node");
        assertThatThrownBy(() -> settings(Map.of("nodes", new String[] {"a"}, "mode", "sentinel")))
                .hasMessageContaining("master.name");
        for (String node : List.of("joe:" + SECRET + "@host", "host/" + SECRET, "a b")) {
            assertThatThrownBy(() -> settings(Map.of("nodes", new String[] {node})))
                    .hasMessageContaining("without user and password")
                    .hasMessageNotContaining(SECRET);
        }
    }

    private Credentials credentials(String text, String permissions) throws Exception {
        Path file = home.resolve("credentials");
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        return new Credentials(file, false);
    }

    @Test
    void credentialsAreReadAnewEachTime() throws Exception {
        Credentials read = credentials("# c\n\npassword a b=c:d \n", "rw-------");
        assertThat(read.get().getUser()).isNull();
        assertThat(read.get().getPassword()).isEqualTo("a b=c:d".toCharArray());
        Credentials both = credentials("user u\npassword p\nsentinel.password s\n", "r--------");
        assertThat(both.get().getUser()).isEqualTo("u");
        assertThat(new Credentials(both.file(), true).get().getUser()).isNull();
        assertThat(new Credentials(both.file(), true).get().getPassword())
                .isEqualTo("s".toCharArray());
    }

    @Test
    void credentialsThatCannotBeUsedAreToldWithoutTheirContent() throws Exception {
        for (String text : List.of(SECRET + "\n", "user " + SECRET, "")) {
            Credentials wrong = credentials(text, "rw-------");
            assertThatThrownBy(wrong::get)
                    .isInstanceOf(Credentials.UnusableException.class)
                    .hasMessageContaining("credentials")
                    .hasMessageNotContaining(SECRET);
        }
        Credentials open = credentials("password " + SECRET, "rw-r-----");
        assertThatThrownBy(open::get)
                .hasMessageContaining("chmod 600")
                .hasMessageNotContaining(SECRET);
        Credentials none = new Credentials(home.resolve("none"), false);
        assertThatThrownBy(none::get).hasMessageContaining("NoSuchFile");
        assertThat(open.toString()).doesNotContain(SECRET);
    }

    @Test
    void mastersAddUpAndNonsenseIsNothing() {
        String master =
                "# Memory\r\nused_memory:100\r\nmaxmemory:200\r\nmaxmemory_policy:allkeys-lru\r\n"
                        + "role:master\r\nevicted_keys:3\r\ndb0:keys=5,expires=0,avg_ttl=0\r\n";
        Described all =
                Described.of(List.of(master, master, master.replace("role:master", "role:slave")));
        assertThat(all).isEqualTo(new Described(10, 200, 400, 6, "allkeys-lru"));
        assertThat(Described.of(List.of("", ":::\n", "used_memory:x\ndb0:keys=,\nmaxmemory:-5")))
                .isEqualTo(Described.NOTHING);
    }

    @Test
    void theBreakerTripsAfterFailuresInARowAndNotAfterOneOfMany() {
        Breaker breaker = new Breaker();
        assertThat(breaker.failed()).isFalse();
        assertThat(breaker.failed()).isFalse();
        assertThat(breaker.failed()).isTrue();
        breaker.reset();
        for (int round = 0; round < 100; round++) {
            assertThat(breaker.failed()).isFalse();
            for (int i = 0; i < 9; i++) {
                breaker.succeeded();
            }
        }
        int lies = 1;
        breaker.succeeded();
        while (!breaker.lied()) {
            breaker.succeeded();
            lies++;
        }
        assertThat(lies).isBetween(8, 16);
    }
}
