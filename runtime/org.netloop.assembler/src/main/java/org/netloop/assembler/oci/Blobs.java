package org.netloop.assembler.oci;

import com.fasterxml.jackson.jr.ob.JSON;

import org.netloop.assembler.tree.Gzip;
import org.netloop.assembler.tree.TarWriter;
import org.netloop.assembler.tree.Tree;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** Content of an image layout, each by its SHA-256. */
final class Blobs {
    private static final String FOLDER = "blobs/sha256";

    private final Path directory;
    private final Instant time;

    /**
     * A layer that is written.
     *
     * @param digest of its compressed bytes
     * @param size of its compressed bytes
     * @param plain digest of its plain bytes
     */
    record Layer(String digest, long size, String plain) {}

    Blobs(Path directory, Instant time) throws IOException {
        this.directory = directory;
        this.time = time;
        Files.createDirectories(directory.resolve(FOLDER));
    }

    Layer layer(Tree tree) throws IOException {
        Path aside = directory.resolve("layer");
        MessageDigest packed = sha256();
        MessageDigest plain = sha256();
        try (OutputStream file = new DigestOutputStream(Files.newOutputStream(aside), packed);
                OutputStream gzip = Gzip.to(file);
                OutputStream tar = new DigestOutputStream(gzip, plain)) {
            TarWriter.write(tree, "", time, tar);
        }
        String digest = hex(packed);
        long size = Files.size(aside);
        Files.move(aside, directory.resolve(FOLDER).resolve(digest));
        return new Layer("sha256:" + digest, size, "sha256:" + hex(plain));
    }

    /** Writes a document, and returns its descriptor. */
    Map<String, Object> document(String type, Map<String, ?> members) throws IOException {
        byte[] bytes = JSON.std.asString(members).getBytes(StandardCharsets.UTF_8);
        MessageDigest sum = sha256();
        sum.update(bytes);
        String digest = hex(sum);
        Files.write(directory.resolve(FOLDER).resolve(digest), bytes);
        return descriptor(type, "sha256:" + digest, bytes.length);
    }

    static Map<String, Object> descriptor(String type, String digest, long size) {
        Map<String, Object> descriptor = new LinkedHashMap<>();
        descriptor.put("mediaType", type);
        descriptor.put("digest", digest);
        descriptor.put("size", size);
        return descriptor;
    }

    /** Writes a document of the layout itself. */
    void top(String name, Map<String, ?> members) throws IOException {
        Files.writeString(directory.resolve(name), JSON.std.asString(members));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }
}
