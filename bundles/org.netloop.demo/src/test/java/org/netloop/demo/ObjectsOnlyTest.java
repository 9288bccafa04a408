package org.netloop.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;

class ObjectsOnlyTest {
    @TempDir Path directory;
    private Path repository = Path.of("");

    @BeforeEach
    void makeRepository() throws IOException {
        repository = Files.createDirectory(directory.resolve("repository")).toRealPath();
        Files.writeString(directory.resolve("outside"), "OUTSIDE");
        Files.createDirectories(repository.resolve("blocks/ab"));
        Files.writeString(repository.resolve("blocks/ab/abc"), "block");
        Files.writeString(repository.resolve(".env"), "HIDDEN");
        Files.createDirectory(repository.resolve(".hidden"));
        Files.writeString(repository.resolve(".hidden/secret"), "HIDDEN");
        Files.createSymbolicLink(repository.resolve("link"), directory.resolve("outside"));
        Files.createSymbolicLink(repository.resolve("up"), directory);
    }

    @Test
    void aFileOfTheRepositoryIsAnObject() {
        assertThat(new ObjectsOnly(repository).isObject("/blocks/ab/abc")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/blocks",
                "/blocks/",
                "/blocks/ab/nosuch",
                "/blocks//ab/abc",
                "/./blocks/ab/abc",
                "/../outside",
                "/blocks/../../outside",
                "//etc/passwd",
                "/.env",
                "/.hidden/secret",
                "/link",
                "/up/outside",
                "/\0",
                "blocks/ab/abc"
            })
    void allElseIsNone(String path) {
        assertThat(new ObjectsOnly(repository).isObject(path)).isFalse();
    }

    @Test
    void whatIsNoObjectIsNotFoundAndNothingIsWritten() throws Exception {
        InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (RepositoryWeb web = new RepositoryWeb(repository, free);
                HttpClient client = HttpClient.newHttpClient()) {
            assertThat(status(client, web, "GET", "blocks/ab/abc")).isEqualTo(200);
            assertThat(status(client, web, "GET", "blocks/")).isEqualTo(404);
            assertThat(status(client, web, "HEAD", ".env")).isEqualTo(404);
            assertThat(status(client, web, "PUT", "blocks/ab/abc")).isEqualTo(405);
        }
    }

    private static int status(HttpClient client, RepositoryWeb web, String method, String path)
            throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(web.uri().resolve(path))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
}
