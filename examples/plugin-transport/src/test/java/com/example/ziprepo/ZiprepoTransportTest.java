package com.example.ziprepo;

import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.transport.Transport;
import org.netloop.tck.TransportContract;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The transport keeps what its contract promises, of objects in zip files of their own. */
class ZiprepoTransportTest extends TransportContract {
    @TempDir Path directory;

    private final ZiprepoTransport transport = new ZiprepoTransport();

    @Override
    protected Transport transport() {
        return transport;
    }

    @Override
    protected URI offer(String path, byte[] bytes) throws IOException {
        Path file = directory.resolve(path.replace('/', '-') + ".zip");
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry(path));
            zip.write(bytes);
        }
        return uri(file, path);
    }

    @Override
    protected URI nowhere() {
        return uri(directory.resolve("no.zip"), "no-such-object");
    }

    @Override
    protected Optional<URI> silent() {
        return Optional.empty();
    }

    @Override
    protected Optional<URI> forbidden() {
        return Optional.empty();
    }

    private static URI uri(Path file, String path) {
        return URI.create("ziprepo://" + file + "/" + path);
    }
}
