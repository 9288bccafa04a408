package org.netloop.transport.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.transport.FetchRequest;
import org.netloop.api.transport.Transport;
import org.netloop.tck.TransportContract;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

class FileTransportTest extends TransportContract {
    @TempDir Path directory;

    private final FileTransport transport = new FileTransport();

    @Override
    protected boolean tellsUnchanged() {
        return true;
    }

    @Override
    protected Transport transport() {
        return transport;
    }

    @Override
    protected URI offer(String path, byte[] bytes) throws IOException {
        Path file = directory.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.write(file, bytes).toUri();
    }

    @Override
    protected URI nowhere() {
        return directory.resolve("no such object").toUri();
    }

    @Override
    protected Optional<URI> silent() {
        return Optional.empty();
    }

    @Override
    protected Optional<URI> forbidden() throws IOException {
        Path file = Files.write(directory.resolve("forbidden"), new byte[3]);
        Files.setPosixFilePermissions(file, Set.of());
        // Root reads all.
        return Files.isReadable(file) ? Optional.empty() : Optional.of(file.toUri());
    }

    @Test
    void aDirectoryIsNoObject() {
        FetchRequest request =
                FetchRequest.whole(directory.toUri(), Duration.ofSeconds(1), FetchPurpose.DEMAND);
        assertThatThrownBy(() -> transport.fetch(request, ByteBuffer.allocate(10)))
                .isInstanceOf(FetchException.Missing.class);
    }

    @Test
    void nothingIsBelowAFile() throws IOException {
        URI file = offer("file", new byte[3]);
        FetchRequest request =
                FetchRequest.whole(
                        URI.create(file + "/a/b"), Duration.ofSeconds(1), FetchPurpose.DEMAND);
        assertThatThrownBy(() -> transport.fetch(request, ByteBuffer.allocate(10)))
                .isInstanceOf(FetchException.Missing.class);
    }

    @Test
    void aQueryIsNoPartOfTheName() throws Exception {
        URI file = offer("file", new byte[3]);
        FetchRequest request =
                FetchRequest.whole(
                        URI.create(file + "?store=x"), Duration.ofSeconds(1), FetchPurpose.DEMAND);
        ByteBuffer into = ByteBuffer.allocate(10);
        transport.fetch(request, into);
        assertThat(into.position()).isEqualTo(3);
    }

    @Test
    @Timeout(60)
    void aPipeIsNotWaitedFor() throws Exception {
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        FetchRequest request =
                FetchRequest.whole(pipe.toUri(), Duration.ofSeconds(1), FetchPurpose.DEMAND);
        assertThatThrownBy(() -> transport.fetch(request, ByteBuffer.allocate(10)))
                .isInstanceOf(FetchException.Missing.class)
                .hasMessageContaining("a pipe");
    }

    @Test
    void aDeviceHasNoEndAndIsNotRead() {
        FetchRequest request =
                FetchRequest.whole(
                        URI.create("file:///dev/zero"), Duration.ofSeconds(1), FetchPurpose.DEMAND);
        assertThatThrownBy(() -> transport.fetch(request, ByteBuffer.allocate(10)))
                .isInstanceOf(FetchException.Missing.class);
    }

    @Test
    void aLinkLeadsWhereItLeads() throws Exception {
        URI file = offer("elsewhere/file", new byte[3]);
        Path link = directory.resolve("link");
        Files.createSymbolicLink(link, Path.of(file));
        ByteBuffer into = ByteBuffer.allocate(10);
        transport.fetch(
                FetchRequest.whole(link.toUri(), Duration.ofSeconds(1), FetchPurpose.DEMAND), into);
        assertThat(into.position()).isEqualTo(3);
    }
}
