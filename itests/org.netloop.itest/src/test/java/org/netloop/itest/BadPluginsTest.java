package org.netloop.itest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Plugins that break their contracts: {@code plugin verify} and {@code plugins} refuse them. */
final class BadPluginsTest extends PluginTest {
    private static final int BAD = 3;
    private static final int JAVA_27 = 71;

    private static final String FORMAT =
            """
            public String id() { return "all"; }
            public String entry(org.netloop.api.index.Reference reference) { return ""; }
            public boolean recognises(java.nio.ByteBuffer head) { return true; }
            public org.netloop.api.index.Index open(
                    org.netloop.api.index.Reference reference,
                    org.netloop.api.index.ObjectReader objects)
                    throws org.netloop.api.transport.FetchException {
                throw new org.netloop.api.transport.FetchException.Corrupt("no");
            }
            """;

    /** Cache that reports a budget in its statistics and does not keep it. */
    private static final String CACHE =
            """
            private final java.util.Map<org.netloop.api.block.Digest, byte[]> all =
                    new java.util.concurrent.ConcurrentHashMap<>();
            public Cached get(org.netloop.api.block.Digest key) { return null; }
            public boolean contains(org.netloop.api.block.Digest key) { return all.containsKey(key); }
            public void put(org.netloop.api.block.Digest key, java.nio.ByteBuffer bytes) {
                byte[] copy = new byte[bytes.remaining()];
                bytes.get(copy);
                all.put(key, copy);
            }
            public void remove(org.netloop.api.block.Digest key) { all.remove(key); }
            public org.netloop.api.cache.CacheStatistics statistics() {
                return new org.netloop.api.cache.CacheStatistics(0, 0, BUDGET, 0, 0, 0, 0);
            }
            """;

    private static final String TRANSPORT =
            """
            public org.netloop.api.transport.Fetched fetch(
                    org.netloop.api.transport.FetchRequest request, java.nio.ByteBuffer into)
                    throws org.netloop.api.transport.FetchException {
                long end = System.nanoTime() + 3_600_000_000_000L;
                while (System.nanoTime() < end) { java.util.concurrent.locks.LockSupport.parkNanos(1000); }
                return null;
            }
            """;

    private void assertRefused(Path jar, String... because)
            throws IOException, InterruptedException {
        Program.Ended ended = verify(jar);
        assertThat(ended.out()).contains(because).contains("not to be used");
        assertThat(ended.exit()).isEqualTo(BAD);
    }

    @Test
    void aFormatThatTakesAnythingIsRefused() throws IOException, InterruptedException {
        assertRefused(
                new PluginJar("index.IndexFormat").write(home(), at("bad.jar"), FORMAT),
                "RecognitionSuite of all",
                "takes a file");
    }

    @Test
    void aCacheWithoutBoundsIsRefused() throws IOException, InterruptedException {
        for (String budget : new String[] {"1L << 24", "Long.MAX_VALUE"}) {
            assertRefused(
                    new PluginJar("cache.BlockCache")
                            .property("netloop.cache.tier", "plain")
                            .write(home(), at("bad.jar"), CACHE.replace("BUDGET", budget)),
                    "CacheSuite of plain");
        }
    }

    @Test
    void aTierThatDoesNotExistIsRefused() throws IOException, InterruptedException {
        assertRefused(
                new PluginJar("cache.BlockCache")
                        .property("netloop.cache.tier", "decoded")
                        .write(home(), at("bad.jar"), CACHE.replace("BUDGET", "1L << 24")),
                "has the tier 'decoded', which does not exist");
    }

    @Test
    void aTransportThatIgnoresItsTimeAndItsInterruptIsRefused()
            throws IOException, InterruptedException {
        assertRefused(
                new PluginJar("transport.Transport")
                        .property("netloop.transport.schemes", "bad")
                        .write(home(), at("bad.jar"), TRANSPORT),
                "TransportSuite of bad: 0 passed, 2 failed",
                "does not end within");
    }

    @Test
    void whatCouldNotBeRemovedAndWhatIsOfAnotherTypeIsRefused()
            throws IOException, InterruptedException {
        assertRefused(
                new PluginJar("index.IndexFormat")
                        .header("Export-Package", "com.example.bad")
                        .entry("META-INF/lib/api/org/netloop/api/index/Index.class", bytesOf(69))
                        .write(home(), at("bad.jar"), FORMAT),
                "it exports the package com.example.bad",
                "it holds a copy of Netloop's contracts");
    }

    private static byte[] bytesOf(int javaMajor) {
        return ByteBuffer.allocate(8).putInt(0xCAFEBABE).putInt(javaMajor).array();
    }

    /** One whose constructor needs a library that the jar names and does not have. */
    private Path withoutItsLibrary(Path jar) throws IOException, InterruptedException {
        return new PluginJar("index.IndexFormat")
                .header("Bundle-ClassPath", ".,lib/xz.jar")
                .write(
                        home(),
                        jar,
                        FORMAT
                                + "public Bad() { throw new NoClassDefFoundError("
                                + "\"org/tukaani/xz/XZInputStream\"); }");
    }

    @Test
    void theRootCauseIsTold() throws IOException, InterruptedException {
        assertRefused(
                withoutItsLibrary(at("bad.jar")),
                "component com.example.bad.Bad failed: NoClassDefFoundError:"
                        + " org/tukaani/xz/XZInputStream",
                "Bundle-ClassPath names lib/xz.jar, which is not in the jar");
        assertRefused(
                new PluginJar("index.IndexFormat")
                        .entry("com/example/bad/New.class", bytesOf(JAVA_27))
                        .write(home(), at("bad.jar"), FORMAT),
                "com/example/bad/New.class was compiled for Java 27, and Java "
                        + Runtime.version().feature()
                        + " runs here");
    }

    /** A start with plugins of all kinds: those that work do, and the others are named. */
    @Test
    void noPluginEndsAStartAndEachIsToldInTheSameWords() throws IOException, InterruptedException {
        Path plugins = directory("conf/plugins");
        writeGoodAndBad(plugins);
        assertThat(checked().err())
                .contains("fails.jar", "NoClassDefFoundError: org/tukaani/xz/XZInputStream")
                .contains("text.jar")
                .doesNotContain("no transport reads");
        Program service =
                netloop(
                        home(),
                        Map.of(),
                        Path.of("/dev/null"),
                        "run",
                        at("conf").toString(),
                        "--state",
                        at("state").toString());
        Await.until(
                "it answers: " + service.err(),
                Duration.ofSeconds(120),
                () -> Files.exists(at("state/control.sock")));
        assertThat(ask("bundle", "ls").out())
                .contains("com.example.transport")
                .contains("plugin fails.jar is refused")
                .contains("NoClassDefFoundError: org/tukaani/xz/XZInputStream");
        assertThat(ask("volume", "ls").out())
                .containsPattern("VOLUME +STATE +REFERENCE")
                .contains("far")
                .doesNotContain("codec");
        Files.delete(plugins.resolve("transport.jar"));
        Await.until(
                "the plugin is removed",
                Duration.ofSeconds(120),
                () -> !ask("bundle", "ls").out().contains("com.example.transport"));
        assertThat(service.terminate().end().exit()).isZero();
    }

    /** A transport, a plugin without its library, a file that is no jar, and a volume. */
    private void writeGoodAndBad(Path plugins) throws IOException, InterruptedException {
        withoutItsLibrary(plugins.resolve("fails.jar"));
        new PluginJar("transport.Transport")
                .property("netloop.transport.schemes", "bad")
                .header("Bundle-SymbolicName", "com.example.transport")
                .write(home(), plugins.resolve("transport.jar"), TRANSPORT);
        Files.writeString(plugins.resolve("text.jar"), "text");
        Files.writeString(
                at("conf/a.json"),
                """
                {"org.netloop.volume~far": {"name": "far", "reference": "bad:///far", "patience.ms": 1000}}
                """);
    }

    private Program.Ended checked() throws IOException, InterruptedException {
        String configuration = at("conf").toString();
        return netloop(home(), Map.of(), Path.of("/dev/null"), "config", "check", configuration)
                .end();
    }

    private Program.Ended ask(String... what) throws IOException {
        try {
            return netloop(
                            home(),
                            Map.of(),
                            Path.of("/dev/null"),
                            what[0],
                            what[1],
                            "--state",
                            at("state").toString())
                    .end()
                    .well();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
