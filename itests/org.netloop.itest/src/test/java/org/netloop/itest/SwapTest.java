package org.netloop.itest;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.netloop.tck.Machine;
import org.osgi.framework.BundleException;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Bundles are stopped, started and updated while readers compare every byte they read over NBD,
 * from a web server that is a few milliseconds away. The system property {@code
 * netloop.itest.swaps} says how often each.
 */
final class SwapTest extends RuntimeTest {
    private static final int SWAPS = Integer.getInteger("netloop.itest.swaps", 2);
    private static final int READERS = 4;
    private static final Duration DELAY = Duration.ofMillis(3);
    private static final Duration WITHIN = Duration.ofSeconds(120);

    /** Each reader goes on for so long before the next swap. */
    private static final int READS_BETWEEN = 10;

    /** More than any swap takes on a busy machine, and less than a reader's patience. */
    private static final Duration LONGEST_STALL = Duration.ofSeconds(25);

    private static final Path STALLS = Path.of("target", "stalls.txt");

    private final List<NbdReader> readers = new ArrayList<>();
    private final List<SlowProxy> proxies = new ArrayList<>();
    private @Nullable Swappable started;

    @BeforeEach
    void serveAndRead() throws IOException, InterruptedException, BundleException {
        Path image = Images.of("ext4");
        List<String> mirrors = new ArrayList<>();
        int port = URI.create(published(image).uri()).getPort();
        for (int i = 0; i < 2; i++) {
            SlowProxy proxy = new SlowProxy(port, DELAY);
            proxies.add(proxy);
            mirrors.add(proxy.uri());
        }
        started = Swappable.start(directory("framework"));
        Path socket = at("socket");
        configure(mirrors, socket);
        Await.until("the export is there", WITHIN, () -> Files.exists(socket));
        // One alone first: of threads that load a class at the same time, Felix keeps one for ever,
        // and with it the class loaders of all that the thread was in the middle of.
        readers.add(new NbdReader(socket, "root", image, 0));
        goOn();
        for (int i = 1; i < READERS; i++) {
            readers.add(new NbdReader(socket, "root", image, i));
        }
        goOn();
    }

    private Swappable framework() {
        return Objects.requireNonNull(started, "the framework runs");
    }

    /** Caches that hold a small part of the image, so that all of the way is gone all the time. */
    private void configure(List<String> mirrors, Path socket) throws IOException {
        // Another server may have had the port of a mirror, and another image there.
        framework()
                .configure("org.netloop.engine", Map.of("state.directory", at("state").toString()));
        framework().configure("org.netloop.cache.memory.plain", Map.of("budget.mib", 8));
        framework()
                .configure(
                        "org.netloop.cache.disk",
                        Map.of("directory", at("cache").toString(), "budget.mib", 8L));
        framework()
                .configure(
                        "org.netloop.volume~root",
                        Map.of(
                                "name",
                                "root",
                                "reference",
                                mirrors.getFirst(),
                                "mirrors",
                                mirrors.toArray(String[]::new),
                                "patience.ms",
                                30_000));
        framework()
                .configure(
                        "org.netloop.attachment~root",
                        Map.of("volume", "root", "frontend", "nbd", "place", "unix:" + socket));
    }

    @AfterEach
    void stop() throws Exception {
        for (NbdReader reader : readers) {
            reader.close();
        }
        if (started != null) {
            started.close();
        }
        for (SlowProxy proxy : proxies) {
            proxy.close();
        }
    }

    /** Every reader reads on, and none of them saw anything wrong. */
    private void goOn() throws IOException {
        List<Long> before = readers.stream().map(NbdReader::reads).toList();
        Await.until(
                "all readers go on",
                WITHIN,
                () -> {
                    boolean all = true;
                    for (int i = 0; i < readers.size(); i++) {
                        assertThat(readers.get(i).fault()).isNull();
                        all &= readers.get(i).reads() >= before.get(i) + READS_BETWEEN;
                    }
                    return all;
                });
    }

    private Duration longest() {
        return Duration.ofNanos(
                readers.stream().mapToLong(NbdReader::longestNanos).max().orElse(0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "transport.http",
                "codec.zstd",
                "format.netloop",
                "cache.memory",
                "cache.disk",
                "mirror",
                "frontend.nbd",
                "engine"
            })
    void noReaderSeesMoreThanAPauseAndWhatLeftIsCollected(String kind)
            throws IOException, BundleException {
        String bundle = "org.netloop." + kind;
        longest();
        for (int i = 0; i < SWAPS; i++) {
            goOn();
        }
        Duration undisturbed = longest();
        for (int i = 0; i < SWAPS; i++) {
            framework().restart(bundle);
            goOn();
        }
        Duration restarted = longest();
        List<WeakReference<ClassLoader>> old = new ArrayList<>();
        for (int i = 0; i < SWAPS; i++) {
            old.add(framework().update(bundle));
            goOn();
        }
        Duration updated = longest();
        tell(kind, undisturbed, restarted, updated);
        assertThat(restarted).isLessThan(LONGEST_STALL);
        assertThat(updated).isLessThan(LONGEST_STALL);
        Await.until(
                "the class loaders of " + kind + " are collected",
                WITHIN,
                () -> {
                    framework().forgetEndedThreads();
                    System.gc();
                    return old.stream().allMatch(loader -> loader.refersTo(null));
                });
    }

    /** A new frontend makes a new mount: files open on the old one get errors. */
    @Test
    void aMountComesBackWithItsFrontend()
            throws IOException, InterruptedException, BundleException {
        Machine.needsFuse();
        Path directory = directory("mnt");
        framework()
                .configure(
                        "org.netloop.attachment~mount",
                        Map.of(
                                "volume",
                                "root",
                                "frontend",
                                "fuse",
                                "place",
                                directory.toString()));
        Path file = directory.resolve("root.img");
        Await.until("it is mounted", WITHIN, () -> Files.exists(file));
        Duration longest = Duration.ZERO;
        for (int i = 0; i < 2 * SWAPS; i++) {
            long began = System.nanoTime();
            if (i < SWAPS) {
                framework().restart("org.netloop.frontend.fuse");
            } else {
                framework().update("org.netloop.frontend.fuse");
            }
            Await.until("it is mounted again", WITHIN, () -> Files.exists(file));
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            longest = took.compareTo(longest) > 0 ? took : longest;
            run("cmp", "-n", "4194304", Images.of("ext4").toString(), file.toString());
            goOn();
        }
        System.out.printf("frontend.fuse: mounted again within %d ms%n", longest.toMillis());
    }

    private static void tell(
            String kind, Duration undisturbed, Duration restarted, Duration updated)
            throws IOException {
        String line =
                String.format(
                        Locale.ROOT,
                        "%-15s %3d swaps: longest read %5d ms before, %5d ms over restarts, %5d ms"
                                + " over updates%n",
                        kind,
                        SWAPS,
                        undisturbed.toMillis(),
                        restarted.toMillis(),
                        updated.toMillis());
        Files.writeString(STALLS, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        System.out.print(line);
    }
}
