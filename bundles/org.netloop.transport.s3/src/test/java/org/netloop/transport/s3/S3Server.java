package org.netloop.transport.s3;

import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStore;
import org.jclouds.blobstore.BlobStoreContext;
import org.jclouds.filesystem.reference.FilesystemConstants;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/** A real S3 server, s3proxy over a directory, which checks signatures. */
final class S3Server implements AutoCloseable {
    static final String BUCKET = "images";
    static final String KEY = "AKIAFORTESTSONLY";
    static final String SECRET = "sesame/of+these=tests";

    private final Path directory;
    private final BlobStoreContext context;
    private final S3Proxy proxy;

    /** Starts the server, with a certificate for TLS if {@code tls} is set. */
    S3Server(Path directory, boolean signed, boolean tls) throws Exception {
        this.directory = directory;
        Properties properties = new Properties();
        properties.setProperty(
                FilesystemConstants.PROPERTY_BASEDIR,
                Files.createDirectories(directory.resolve("store")).toString());
        context =
                ContextBuilder.newBuilder("filesystem-nio2")
                        .credentials("nobody", "nothing")
                        .overrides(properties)
                        .build(BlobStoreContext.class);
        S3Proxy.Builder builder =
                S3Proxy.builder()
                        .blobStore(context.getBlobStore())
                        .endpoint(URI.create("http://127.0.0.1:0"))
                        .ignoreUnknownHeaders(true)
                        .awsAuthentication(
                                signed ? AuthenticationType.AWS_V2_OR_V4 : AuthenticationType.NONE,
                                signed ? KEY : null,
                                signed ? SECRET : null);
        if (tls) {
            makeCertificate();
            builder.secureEndpoint(URI.create("https://127.0.0.1:0"))
                    .keyStore(directory.resolve("store.p12").toString(), "changeit");
        }
        proxy = builder.build();
        proxy.start();
        store().createContainerInLocation(null, BUCKET);
    }

    S3Server(Path directory) throws Exception {
        this(directory, true, false);
    }

    private void makeCertificate() throws IOException, InterruptedException {
        String store = directory.resolve("store.p12").toString();
        keytool(
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=ip:127.0.0.1",
                "-validity",
                "2",
                "-keystore",
                store);
        keytool("-exportcert", "-rfc", "-keystore", store, "-file", certificate().toString());
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 3];
        command[0] = Path.of(System.getProperty("java.home"), "bin/keytool").toString();
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        command[arguments.length + 1] = "-storepass";
        command[arguments.length + 2] = "changeit";
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new AssertionError("keytool failed");
        }
    }

    /** The certificate, as a PEM file. */
    Path certificate() {
        return directory.resolve("certificate.pem");
    }

    /** Returns the store of the objects, which bypasses all signatures. */
    BlobStore store() {
        return context.getBlobStore();
    }

    void put(String key, byte[] bytes) {
        store().putBlob(
                        BUCKET,
                        store().blobBuilder(key)
                                .payload(bytes)
                                .contentLength(bytes.length)
                                .build());
    }

    String endpoint() {
        return "http://127.0.0.1:" + proxy.getPort();
    }

    String secureEndpoint() {
        return "https://127.0.0.1:" + proxy.getSecurePort();
    }

    @Override
    public void close() {
        try {
            proxy.stop();
        } catch (Exception e) {
            throw new AssertionError("s3proxy does not stop", e);
        } finally {
            context.close();
        }
    }
}
