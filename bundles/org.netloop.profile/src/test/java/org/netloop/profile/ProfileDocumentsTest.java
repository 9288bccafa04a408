package org.netloop.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.profile.Pack;
import org.netloop.api.profile.Profile;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Repository.Kind;
import org.netloop.tck.MemoryRepository;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

class ProfileDocumentsTest {
    private static final int CASES = 20_000;
    private static final Digest IMAGE =
            Digest.of(DigestAlgorithm.SHA256, ByteBuffer.wrap(new byte[] {1}));

    private final ProfileDocuments documents = new ProfileDocuments();

    private static Profile profile() {
        return new Profile(
                IMAGE,
                "boot",
                List.of(new Profile.Entry(0, 4096, 0), new Profile.Entry(1L << 40, 5, 12)),
                new Pack("packs/ab/abc", List.of(new Pack.Piece(IMAGE, 90))));
    }

    private static byte[] bytes(ByteBuffer document) {
        byte[] bytes = new byte[document.remaining()];
        document.duplicate().get(bytes);
        return bytes;
    }

    private String written() {
        return new String(bytes(documents.write(profile())), UTF_8);
    }

    private Profile read(String text) throws FetchException {
        return documents.read("boot.json", ByteBuffer.wrap(text.getBytes(UTF_8)));
    }

    @Test
    void whatIsWrittenIsReadBack() throws Exception {
        assertThat(read(written())).isEqualTo(profile());
    }

    @Test
    void aProfileMayHaveNoPackAndNoEntries() throws Exception {
        Profile bare = new Profile(IMAGE, "boot", List.of(), null);
        assertThat(documents.read("boot.json", documents.write(bare))).isEqualTo(bare);
    }

    @Test
    void theObjectsOfAnImageAreItsDocumentsAndTheirPacks() throws Exception {
        MemoryRepository repository = new MemoryRepository();
        Digest other = Digest.of(DigestAlgorithm.SHA256, ByteBuffer.allocate(9));
        Profile bare = new Profile(IMAGE, "login", List.of(), null);
        repository.put(documents.path(IMAGE, "boot"), documents.write(profile()), Kind.POINTER);
        repository.put(documents.path(IMAGE, "login"), documents.write(bare), Kind.POINTER);
        repository.put(
                documents.path(IMAGE, "torn"), ByteBuffer.wrap(new byte[] {'{'}), Kind.POINTER);
        repository.put(documents.path(other, "boot"), documents.write(bare), Kind.POINTER);
        try (Stream<String> objects = documents.objects(repository, IMAGE)) {
            assertThat(objects)
                    .containsExactlyInAnyOrder(
                            documents.path(IMAGE, "boot"),
                            "packs/ab/abc",
                            documents.path(IMAGE, "login"),
                            documents.path(IMAGE, "torn"));
        }
    }

    @Test
    void itLiesBesideItsImage() {
        assertThat(documents.path(IMAGE, "boot"))
                .isEqualTo("profiles/" + IMAGE.hex() + "/boot.json");
        Digest other = Digest.of(DigestAlgorithm.SHA512, ByteBuffer.wrap(new byte[] {1}));
        assertThat(documents.path(other, "boot"))
                .isEqualTo("profiles/sha512-" + other.hex() + "/boot.json");
    }

    @Test
    void whatIsWrongIsNamed() {
        assertThatThrownBy(() -> read(written().replace("4096", "-1")))
                .isInstanceOf(FetchException.Corrupt.class)
                .hasMessageContaining("boot.json: entries is not a number from 1");
        assertThatThrownBy(() -> read(written().replace("packs/ab", "../ab")))
                .hasMessageContaining("path '../ab/abc'");
        assertThatThrownBy(() -> read(written().replace("\"boot\"", "\"../x\"")))
                .hasMessageContaining("not a valid profile name");
        assertThatThrownBy(() -> read(written() + "x")).hasMessageContaining("boot.json");
        assertThatThrownBy(() -> read(written().replace(":1,", ":2,")))
                .isInstanceOf(FetchException.Unsupported.class);
    }

    @Test
    void anEntryThatWouldOverflowIsRefused() {
        String text = written().replace("[0,4096,0]", "[" + Long.MAX_VALUE + ",1,0]");
        assertThatThrownBy(() -> read(text)).isInstanceOf(FetchException.Corrupt.class);
    }

    @Test
    void noDamageMakesItThrowWhatItMustNot() {
        Random random = new Random(4);
        byte[] good = bytes(documents.write(profile()));
        for (int i = 0; i < CASES; i++) {
            byte[] bad = good.clone();
            for (int n = random.nextInt(4); n >= 0; n--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            int length = random.nextInt(10) == 0 ? random.nextInt(bad.length) : bad.length;
            try {
                Profile read = documents.read("fuzzed", ByteBuffer.wrap(bad, 0, length));
                assertThat(read.entries()).hasSizeLessThan(100);
            } catch (FetchException e) {
                assertThat(e.getMessage())
                        .contains("fuzzed")
                        .doesNotContain("Jackson", "CTRL-CHAR", "org.", "com.", "Exception");
            }
        }
    }
}
