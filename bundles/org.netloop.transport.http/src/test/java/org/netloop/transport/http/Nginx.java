package org.netloop.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.netloop.tck.Machine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real nginx of the machine's, with a configuration of its own, below a directory. */
final class Nginx implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/sbin/nginx");

    private final Path directory;
    private final int port = freePort();
    private final int tlsPort = freePort();
    private final int http2Port = freePort();
    private Process process;

    Nginx(Path directory) throws IOException, InterruptedException {
        this.directory = directory;
        Machine.needsProgram(PROGRAM.toString());
        Machine.needsProgram("openssl");
        Files.createDirectories(root());
        makeCertificate();
        Files.writeString(directory.resolve("users"), "reader:{PLAIN}secret\n");
        Files.writeString(directory.resolve("nginx.conf"), configuration());
        process = launch();
    }

    private Process launch() throws IOException, InterruptedException {
        Process launched =
                new ProcessBuilder(
                                PROGRAM.toString(),
                                "-p",
                                directory.toString(),
                                "-c",
                                directory.resolve("nginx.conf").toString())
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("nginx.out").toFile())
                        .start();
        awaitPort(launched);
        return launched;
    }

    private void makeCertificate() throws IOException, InterruptedException {
        Process openssl =
                new ProcessBuilder(
                                "openssl",
                                "req",
                                "-x509",
                                "-newkey",
                                "rsa:2048",
                                "-nodes",
                                "-days",
                                "2",
                                "-subj",
                                "/CN=localhost",
                                "-addext",
                                "subjectAltName=DNS:localhost,IP:127.0.0.1",
                                "-keyout",
                                directory.resolve("key.pem").toString(),
                                "-out",
                                certificate().toString())
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("openssl.out").toFile())
                        .start();
        assertThat(openssl.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(openssl.exitValue()).isZero();
    }

    private String configuration() {
        return """
        daemon off; worker_processes 1; user root; pid DIR/pid; error_log DIR/error.log;
        events { worker_connections 256; }
        http {
          log_format t '$connection $request_method $uri $status $body_bytes_sent $server_protocol';
          access_log DIR/access.log t; keepalive_requests 1000000;
          client_body_temp_path DIR/t1; proxy_temp_path DIR/t2; fastcgi_temp_path DIR/t3;
          uwsgi_temp_path DIR/t4; scgi_temp_path DIR/t5; default_type application/octet-stream;
          server {
            listen 127.0.0.1:PORT; root DIR/root;
            location /gzip/ { gzip on; gzip_min_length 1; gzip_types *; }
            location /private/ { auth_basic x; auth_basic_user_file DIR/users; }
            location /moved/ { rewrite ^/moved/(.*)$ /$1 redirect; }
          }
          server { listen 127.0.0.1:CLEAR http2; root DIR/root; keepalive_requests 50; }
          server {
            listen 127.0.0.1:TLS ssl http2; root DIR/root;
            ssl_certificate DIR/certificate.pem; ssl_certificate_key DIR/key.pem;
            location /slow/ { limit_rate 2k; }
            location /downgrade/ { return 302 http://127.0.0.1:PORT/plain; }
          }
        }
        """
                .replace("DIR", directory.toString())
                .replace("PORT", String.valueOf(port))
                .replace("CLEAR", String.valueOf(http2Port))
                .replace("TLS", String.valueOf(tlsPort));
    }

    private void awaitPort(Process launched) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException e) {
                if (System.nanoTime() > end || !launched.isAlive()) {
                    throw new IOException(
                            "nginx does not start: "
                                    + Files.readString(directory.resolve("nginx.out")),
                            e);
                }
                Thread.onSpinWait();
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    Path root() {
        return directory.resolve("root");
    }

    Path certificate() {
        return directory.resolve("certificate.pem");
    }

    URI base() {
        return URI.create("http://127.0.0.1:" + port + "/");
    }

    /** HTTP/2 without TLS, by prior knowledge; 50 requests a connection, then it says goodbye. */
    URI http2Base() {
        return URI.create("http://127.0.0.1:" + http2Port + "/");
    }

    URI tlsBase() {
        return URI.create("https://127.0.0.1:" + tlsPort + "/");
    }

    /** Kills it and starts it again on the same ports. */
    void restart() throws IOException, InterruptedException {
        close();
        process = launch();
    }

    /**
     * Returns the requests of an object so far: connection, method, path, status, bytes, protocol.
     * It logs a request after it has answered it, so they are waited for.
     *
     * @param least how many there are
     */
    List<String[]> log(String path, int least) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            List<String[]> all = logged(path);
            if (all.size() >= least) {
                return all;
            }
            assertThat(System.nanoTime()).as("%s of %s", all.size(), least).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private List<String[]> logged(String path) throws IOException {
        String text = Files.readString(directory.resolve("access.log"));
        // The last line may not be whole yet.
        return text.substring(0, text.lastIndexOf('\n') + 1)
                .lines()
                .map(line -> line.split(" "))
                .filter(words -> words[2].equals("/" + path))
                .toList();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
