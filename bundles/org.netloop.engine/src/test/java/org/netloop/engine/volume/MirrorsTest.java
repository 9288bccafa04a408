package org.netloop.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.lang.reflect.Proxy;
import java.net.URI;
import java.util.Map;

/** The mirrors that a configuration names. */
class MirrorsTest {
    private static Mirrors of(Map<String, Object> told) {
        return Mirrors.of(
                (ConfiguredVolume.Config)
                        Proxy.newProxyInstance(
                                MirrorsTest.class.getClassLoader(),
                                new Class<?>[] {ConfiguredVolume.Config.class},
                                (_, method, _) ->
                                        told.getOrDefault(
                                                method.getName(), method.getDefaultValue())));
    }

    @Test
    void oneThatIsNoUriIsLeftOutAndToldWithoutItsSecrets() {
        Mirrors mirrors =
                of(
                        Map.of(
                                "reference",
                                "http://a/",
                                "mirrors",
                                new String[] {"http://user:hunter2@b b/", "http://c/"}));
        assertThat(mirrors.asked())
                .containsExactly(URI.create("http://a/"), URI.create("http://c/"));
        assertThat(mirrors.wrong()).contains("not a URI").doesNotContain("hunter2");
    }

    @Test
    void nothingIsToldWhereAllAreWell() {
        Mirrors mirrors =
                of(
                        Map.of(
                                "reference",
                                "http://a/",
                                "mirrors",
                                new String[] {"http://b/"},
                                "mirrors_disabled",
                                new String[] {"http://a/"}));
        assertThat(mirrors.asked()).containsExactly(URI.create("http://b/"));
        assertThat(mirrors.wrong()).isEmpty();
    }
}
