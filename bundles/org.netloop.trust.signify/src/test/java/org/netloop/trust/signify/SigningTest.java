package org.netloop.trust.signify;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.netloop.api.transport.Repository;
import org.netloop.api.transport.Repository.Entry;
import org.netloop.api.transport.Repository.Kind;
import org.netloop.api.trust.SecretKey;
import org.netloop.api.trust.Signer.KeyFiles;
import org.netloop.api.trust.Signing;
import org.netloop.api.trust.Statement;
import org.netloop.tck.MemoryRepository;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;

/** Statements beside the objects of a repository, as a publisher puts them. */
class SigningTest {
    private static final String CHANNEL = "channels/stable.json";

    private final Signify signify = new Signify();
    private final MemoryRepository plain = new MemoryRepository();

    private Signing signing() throws IOException {
        KeyFiles files = signify.create("ours", null);
        SecretKey key = signify.read("ours", files.secretKey(), _ -> new char[0]);
        return new Signing(signify, List.of(key), Signing.STANDARD_VALIDITY, "repository");
    }

    private List<String> paths() {
        try (Stream<Entry> entries = plain.list("")) {
            return entries.map(Entry::path).toList();
        }
    }

    private long serial() throws IOException {
        ByteBuffer sealed = plain.read(Statement.pathOf(CHANNEL), 1 << 20);
        return Statement.parse("", signify.open("", sealed).message()).serial();
    }

    @Test
    void pointersAndDocumentsAreSignedAndBlocksAreNot() throws Exception {
        Repository repository = signing().over(plain);
        repository.putOnce("blocks/b", UTF_8.encode("block"), Kind.BLOCK);
        repository.putOnce("images/i.json", UTF_8.encode("image"), Kind.DOCUMENT);
        repository.put(CHANNEL, UTF_8.encode("channel"), Kind.POINTER);
        assertThat(paths())
                .containsExactlyInAnyOrder(
                        "blocks/b",
                        "images/i.json",
                        "images/i.json.sig",
                        CHANNEL,
                        CHANNEL + ".sig",
                        "repository.id");
    }

    @Test
    void signingAgainThroughTheSameRepositorySignsNoSignature() throws Exception {
        Signing signing = signing();
        Repository repository = signing.over(plain);
        repository.put(CHANNEL, UTF_8.encode("channel"), Kind.POINTER);
        long first = serial();
        signing.sign(repository, CHANNEL, Kind.POINTER);
        assertThat(paths()).containsExactlyInAnyOrder(CHANNEL, CHANNEL + ".sig", "repository.id");
        assertThat(serial()).isGreaterThan(first);
    }

    @Test
    void aSignatureGoesWithItsObject() throws Exception {
        Repository repository = signing().over(plain);
        repository.put(CHANNEL, UTF_8.encode("channel"), Kind.POINTER);
        repository.delete(CHANNEL);
        assertThat(paths()).containsExactly("repository.id");
    }
}
