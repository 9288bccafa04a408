package org.netloop.itest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.netloop.tck.Machine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/** HTTP caches in front of a distant mirror, with the configurations of the documentation. */
final class SiteCacheTest extends RuntimeTest {
    private static final Path DOCS = Path.of("../../docs/site").toAbsolutePath().normalize();
    private static final Duration WITHIN = Duration.ofSeconds(120);
    private static final int READERS = 3;
    private static final int MEBI = 1 << 20;

    /** The caches, and the file of each one's configuration. */
    enum Kind {
        NGINX("nginx.conf"),
        VARNISH("default.vcl");

        private final String file;

        Kind(String file) {
            this.file = file;
        }
    }

    /** Starts a cache as the documentation has it, but for addresses and places. */
    private Program start(Kind kind, int origin, int port) throws IOException {
        Path home = directory("cache");
        Path file = settings(kind, home, origin, port);
        return switch (kind) {
            case NGINX ->
                    start(
                            "nginx",
                            "-p",
                            home.toString(),
                            "-e",
                            home.resolve("error.log").toString(),
                            "-c",
                            file.toString(),
                            "-g",
                            "daemon off; master_process off; user root; pid " + home + "/pid;");
            case VARNISH -> {
                Machine.needsProgram("varnishd");
                yield start(
                        "varnishd",
                        "-F",
                        "-j",
                        "none",
                        "-T",
                        "none",
                        "-n",
                        home.resolve("work").toString(),
                        "-s",
                        "malloc,256m",
                        "-a",
                        "127.0.0.1:" + port,
                        "-f",
                        file.toString());
            }
        };
    }

    private static Path settings(Kind kind, Path home, int origin, int port) throws IOException {
        String text =
                Files.readString(DOCS.resolve(kind.file))
                        .replace("mirror.example:80", "127.0.0.1:" + origin)
                        .replace("/var/cache/nginx/netloop", home.resolve("data").toString())
                        .replace("listen 8080", "listen 127.0.0.1:" + port)
                        .replace("/var/log/nginx/netloop.log", home.resolve("log").toString())
                        .replace("\"mirror.example\"", "\"127.0.0.1\"")
                        .replace("\"80\"", "\"" + origin + "\"");
        return Files.writeString(home.resolve(kind.file), text);
    }

    private static boolean listens(Program program, int port) throws IOException {
        if (!program.isAlive()) {
            throw new AssertionError("the cache does not start: " + program.err());
        }
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /** A mirror of the repository {@code root}, and of one pack that no image has. */
    private Nginx distant(Path image) throws IOException, InterruptedException {
        Path web = directory("web");
        Files.createSymbolicLink(web.resolve("root"), repository(image));
        byte[] pack = new byte[5 * MEBI];
        new Random(14).nextBytes(pack);
        Files.write(Files.createDirectories(web.resolve("other/packs")).resolve("pack"), pack);
        return nginx(web);
    }

    private static List<String> paths(Nginx server, String part) throws IOException {
        return server.answers().stream()
                .map(Nginx.Answer::path)
                .filter(path -> path.contains(part))
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void eachObjectCrossesTheDistantLinkOnceAndChannelsAreAskedForAgain(Kind kind)
            throws IOException, InterruptedException {
        Path image = Images.random(16);
        Nginx distant = distant(image);
        int port = Ports.free();
        Program cache = start(kind, distant.port(), port);
        Await.until("it listens", WITHIN, () -> listens(cache, port));
        String site = "http://127.0.0.1:" + port + "/";

        List<Program> readers = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            readers.add(
                    netloop("extract", "--no-cache", site + "root/", at("copy" + i).toString()));
        }
        for (int i = 0; i < READERS; i++) {
            readers.get(i).end().well();
            assertSame(image, at("copy" + i));
        }
        assertThat(paths(distant, "/blocks/")).hasSizeGreaterThan(40).doesNotHaveDuplicates();
        assertThat(paths(distant, "/images/")).isNotEmpty().doesNotHaveDuplicates();

        Await.until("the channel is asked for again", WITHIN, () -> isAskedForAgain(site, distant));
        assertRangesOfPacks(URI.create(site + "other/packs/pack"));
        assertThat(bytes(distant, "/packs/")).isLessThanOrEqualTo(5 * MEBI);
    }

    private static boolean isAskedForAgain(String site, Nginx distant) throws IOException {
        assertThat(get(URI.create(site + "root/channels/stable.json"), "bytes=0-").statusCode())
                .isBetween(200, 206);
        return distant.answers().stream()
                .anyMatch(answer -> answer.path().contains("/channels/") && answer.status() == 304);
    }

    private static long bytes(Nginx server, String part) throws IOException {
        return server.answers().stream()
                .filter(answer -> answer.path().contains(part))
                .mapToLong(Nginx.Answer::bytes)
                .sum();
    }

    private void assertRangesOfPacks(URI pack) throws IOException {
        byte[] whole = Files.readAllBytes(at("web/other/packs/pack"));
        List<int[]> ranges =
                List.of(
                        new int[] {100_000, 1_300_000},
                        new int[] {0, 10},
                        new int[] {4 * MEBI, MEBI});
        List<CompletableFuture<byte[]>> bodies =
                ranges.stream()
                        .map(range -> CompletableFuture.supplyAsync(() -> range(pack, range)))
                        .toList();
        for (int i = 0; i < ranges.size(); i++) {
            int from = ranges.get(i)[0];
            assertThat(bodies.get(i).join())
                    .isEqualTo(Arrays.copyOfRange(whole, from, from + ranges.get(i)[1]));
        }
    }

    private static byte[] range(URI uri, int[] range) {
        try {
            HttpResponse<byte[]> response =
                    get(uri, "bytes=" + range[0] + "-" + (range[0] + range[1] - 1));
            assertThat(response.statusCode()).isEqualTo(206);
            return response.body();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static HttpResponse<byte[]> get(URI uri, String range) throws IOException {
        try (HttpClient client = HttpClient.newBuilder().version(Version.HTTP_1_1).build()) {
            HttpRequest request = HttpRequest.newBuilder(uri).header("Range", range).build();
            return client.send(request, BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCacheThatIsKilledFailsNoReadWhereAnotherMirrorIs(Kind kind)
            throws IOException, InterruptedException {
        Path image = Images.random(64);
        Nginx distant = distant(image);
        int port = Ports.free();
        Program cache = start(kind, distant.port(), port);
        Await.until("it listens", WITHIN, () -> listens(cache, port));
        Program reader =
                netloop(
                        "extract",
                        "--no-cache",
                        "--mirror",
                        distant.uri() + "root/",
                        "http://127.0.0.1:" + port + "/root/",
                        at("copy").toString());
        Await.until("some of it is read", WITHIN, () -> distant.roughCount() > 30);
        cache.kill();
        reader.end().well();
        assertSame(image, at("copy"));
    }
}
