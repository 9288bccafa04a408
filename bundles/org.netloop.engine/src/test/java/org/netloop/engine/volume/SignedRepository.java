package org.netloop.engine.volume;

import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.index.ImageSpec;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.index.IndexWriter;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.Repository;
import org.netloop.api.trust.SecretKey;
import org.netloop.api.trust.Signer;
import org.netloop.api.trust.Signing;
import org.netloop.transport.file.FileTransport;
import org.netloop.trust.signify.Signify;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A directory that images of one block are published to, signed by keys that are made here. */
final class SignedRepository {
    static final Signify SIGNIFY = new Signify();
    private static final int BLOCK = 4096;

    private final IndexFormat format;
    final Path directory;

    SignedRepository(IndexFormat format, Path directory) {
        this.format = format;
        this.directory = directory;
    }

    /** A pair of keys. */
    record Key(String publicKey, SecretKey secretKey) {
        static Key make() {
            Signer.KeyFiles files = SIGNIFY.create("test", null);
            try {
                return new Key(
                        files.publicKey().lines().skip(1).findFirst().orElseThrow(),
                        SIGNIFY.read("test", files.secretKey(), _ -> new char[0]));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    static Signing signing(Duration validity, String identity, Key... keys) {
        return new Signing(
                SIGNIFY, Arrays.stream(keys).map(Key::secretKey).toList(), validity, identity);
    }

    /** Publishes an image whose one block is all of that byte, and points the channel to it. */
    Digest publish(int content, Signing signing) throws IOException {
        try (Repository repository = signing.over(new FileTransport().open(directory.toUri()))) {
            Digest image = image(content, repository);
            format.catalog(repository).move("stable", image);
            sign(signing);
            return image;
        }
    }

    /** Signs the channel again, without moving it. */
    void sign(Signing signing) throws IOException {
        try (Repository repository = new FileTransport().open(directory.toUri())) {
            Reference stable = new Reference(directory.toUri(), "stable", null);
            signing.sign(repository, format.entry(stable), Repository.Kind.POINTER);
        }
    }

    private Digest image(int content, Repository repository) throws IOException {
        byte[] bytes = new byte[BLOCK];
        Arrays.fill(bytes, (byte) content);
        Digest digest = Digest.of(DigestAlgorithm.SHA256, ByteBuffer.wrap(bytes));
        ImageSpec spec =
                new ImageSpec(BLOCK, StoredBlock.PLAIN, DigestAlgorithm.SHA256, null, Map.of());
        try (IndexWriter index = format.write(repository, spec)) {
            StoredBlock stored = index.locate(digest, BLOCK, StoredBlock.PLAIN);
            repository.putOnce(stored.path(), ByteBuffer.wrap(bytes), Repository.Kind.BLOCK);
            index.append(new Block(0, BLOCK, stored));
            return index.finish(BLOCK).digest();
        }
    }

    /** Copies the present state, for an attacker who keeps it. */
    SignedRepository copy(Path to) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = to.resolve(directory.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
        return new SignedRepository(format, to);
    }

    /** Shows what another directory has. */
    void becomes(SignedRepository other) throws IOException {
        delete(directory);
        other.copy(directory);
    }

    static void delete(Path directory) throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(directory)) {
            all = files.toList();
        }
        for (Path file : all.reversed()) {
            Files.delete(file);
        }
    }
}
