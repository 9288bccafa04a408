package org.netloop.itest;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** s3proxy as a process of its own, which checks signatures and keeps buckets in a directory. */
final class S3Server {
    static final String KEY = "AKIAFORTESTSONLY";
    static final String SECRET = "sesame/of+these=tests";
    static final String BUCKET = "images";

    private final Path store;
    private final int port;
    private final Program program;

    private S3Server(Path home, int port) throws IOException {
        this.store = home.resolve("store");
        this.port = port;
        Files.createDirectories(bucket());
        Path settings = home.resolve("s3proxy.conf");
        Files.writeString(
                settings,
                """
                s3proxy.endpoint=http://127.0.0.1:%d
                s3proxy.authorization=aws-v2-or-v4
                s3proxy.identity=%s
                s3proxy.credential=%s
                s3proxy.ignore-unknown-headers=true
                jclouds.provider=filesystem-nio2
                jclouds.filesystem.basedir=%s
                """
                        .formatted(port, KEY, SECRET, store));
        program =
                Program.start(
                        home,
                        Path.of("/dev/null"),
                        Map.of(),
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        // It sends standard error to its log, which must not go there in turn.
                        "-Dslf4j.provider=org.slf4j.helpers.NOP_FallbackServiceProvider",
                        "org.gaul.s3proxy.Main",
                        "--properties",
                        settings.toString());
    }

    /** Starts it; it listens when this returns. */
    static S3Server start(Path home) throws IOException {
        S3Server server = new S3Server(home, Ports.free());
        Await.until("s3proxy listens", Duration.ofSeconds(120), server::listens);
        return server;
    }

    private boolean listens() throws IOException {
        if (!program.isAlive()) {
            throw new AssertionError("s3proxy does not start: " + program.out() + program.err());
        }
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    String endpoint() {
        return "http://127.0.0.1:" + port;
    }

    /** Returns the directory of the bucket, with a file for each object. */
    Path bucket() {
        return store.resolve(BUCKET);
    }

    /** Returns the number of objects below a prefix. */
    long count(String prefix) throws IOException {
        return files(prefix).size();
    }

    /**
     * Returns the files below a prefix; what the server renames meanwhile may not be among them.
     */
    List<Path> files(String prefix) throws IOException {
        List<Path> files = new ArrayList<>();
        Path below = bucket().resolve(prefix);
        if (Files.exists(below)) {
            Files.walkFileTree(below, new Collector(files));
        }
        return files;
    }

    /** Passes over what is gone by the time it is looked at. */
    private static final class Collector extends SimpleFileVisitor<Path> {
        private final List<Path> files;

        Collector(List<Path> files) {
            this.files = files;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            files.add(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException why) throws IOException {
            if (why instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw why;
        }
    }

    void kill() {
        program.kill();
    }
}
