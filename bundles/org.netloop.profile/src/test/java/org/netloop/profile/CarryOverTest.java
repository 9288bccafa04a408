package org.netloop.profile;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.Extent;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.block.Verification;
import org.netloop.api.index.Delta;
import org.netloop.api.index.DeltaBase;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.Index;
import org.netloop.api.profile.Profile;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

class CarryOverTest {
    private static final int BLOCK = 100;

    /**
     * Each letter is the content of a block; a dot is a hole.
     *
     * @param deltas by a letter, those that its delta refers to
     */
    private record Letters(String letters, Map<Character, String> deltas) implements Index {
        Letters(String letters) {
            this(letters, Map.of());
        }

        private static Digest digest(String of) {
            return Digest.of(
                    DigestAlgorithm.SHA256,
                    ByteBuffer.wrap(of.getBytes(StandardCharsets.US_ASCII)));
        }

        @Override
        public ImageInfo image() {
            return new ImageInfo(
                    digest(letters),
                    "letters",
                    (long) letters.length() * BLOCK,
                    BLOCK,
                    "none",
                    null,
                    -1,
                    Map.of(),
                    Verification.STORED);
        }

        @Override
        public Block block(long offset) {
            int number = (int) (offset / BLOCK);
            String letter = letters.substring(number, number + 1);
            StoredBlock stored = letter.equals(".") ? null : stored(letter);
            return new Block((long) number * BLOCK, BLOCK, stored);
        }

        @Override
        public List<Digest> deltaBases() {
            return deltas.isEmpty() ? List.of() : List.of(digest("the image before"));
        }

        @Override
        public @Nullable Delta delta(long offset) {
            String bases = deltas.get(letters.charAt((int) (offset / BLOCK)));
            if (bases == null) {
                return null;
            }
            List<DeltaBase> named =
                    bases.chars()
                            .mapToObj(Character::toString)
                            .map(letter -> new DeltaBase(stored(letter), BLOCK, digest(letter)))
                            .toList();
            return new Delta(
                    stored("delta"), new Delta.Run(0, BLOCK), BLOCK, digest("plain"), named);
        }

        private static StoredBlock stored(String letter) {
            return StoredBlock.object(digest(letter), "blocks/" + letter, BLOCK, StoredBlock.PLAIN);
        }

        @Override
        public @Nullable Block blockIfLoaded(long offset) {
            return block(offset);
        }

        @Override
        public Extent extent(long offset) {
            Block block = block(offset);
            return new Extent(offset, block.end() - offset, block.isHole());
        }
    }

    private static String carried(String from, String to, int... blocks) throws Exception {
        return carried(from, new Letters(to), blocks);
    }

    private static String carried(String from, Letters now, int... blocks) throws Exception {
        Letters old = new Letters(from);
        List<Profile.Entry> entries =
                Arrays.stream(blocks)
                        .mapToObj(block -> new Profile.Entry((long) block * BLOCK, BLOCK, 7))
                        .toList();
        Profile profile = new Profile(old.image().digest(), "boot", entries, null);
        Profile result = new CarryOver(old, now).apply(profile);
        assertThat(result.image()).isEqualTo(now.image().digest());
        StringBuilder read = new StringBuilder();
        for (Profile.Entry entry : result.entries()) {
            assertThat(entry.afterMillis()).isEqualTo(7);
            read.append(now.letters().charAt((int) (entry.offset() / BLOCK)));
        }
        return read.toString();
    }

    @Test
    void whatLiesWhereItLayIsKeptInItsOrder() throws Exception {
        assertThat(carried("abcd", "abcd", 3, 0, 2)).isEqualTo("dac");
    }

    @Test
    void whatMovedIsFoundByItsDigest() throws Exception {
        assertThat(carried("abcd", "x.dab", 3, 0)).isEqualTo("da");
    }

    @Test
    void whatChangedInItsPlaceIsReadThere() throws Exception {
        assertThat(carried("abcd", "abXd", 2, 1)).isEqualTo("Xb");
    }

    @Test
    void whatIsGoneOrBecameAHoleIsLeftOut() throws Exception {
        assertThat(carried("abcd", "a.", 1, 2, 3, 0)).isEqualTo("a");
    }

    @Test
    void whatIsMostLikeABlockIsReadWithIt() throws Exception {
        // The old bytes stay behind where the file was; the new ones lie elsewhere.
        assertThat(carried("abcd", new Letters("abcdNM", Map.of('N', "dcb", 'M', "a")), 1, 0))
                .isEqualTo("bNaM");
        // The last may only lie at the same place: the one before counts too, others do not.
        assertThat(carried("abcd", new Letters("abXd", Map.of('X', "dbac")), 0)).isEqualTo("aX");
        assertThat(carried("abcd", new Letters("abXd", Map.of('X', "dbac")), 1, 3)).isEqualTo("bd");
    }

    @Test
    void aChangedBlockThatHasLikeOnesIsNotReadWhereItWas() throws Exception {
        assertThat(carried("abcd", new Letters("aYcdN", Map.of('N', "b")), 1)).isEqualTo("N");
        assertThat(carried("abcd", new Letters("aYcdN", Map.of('N', "b", 'Y', "b")), 1))
                .isEqualTo("YN");
    }

    @Test
    void aReadBringsAFewLikeOnesAlongAndNotThousands() throws Exception {
        Letters now = new Letters("ab" + "N".repeat(1000), Map.of('N', "a"));
        assertThat(carried("ab", now, 0, 1))
                .isEqualTo("a" + "N".repeat(Successors.MOST_ALIKE) + "b");
    }

    @Test
    void theLastReadsAreLeftOutAtTheLimitOfAProfile() throws Exception {
        Letters old = new Letters("abcd");
        Letters now = new Letters("abcdNN", Map.of('N', "a"));
        Profile all =
                new Profile(
                        old.image().digest(),
                        "boot",
                        List.of(new Profile.Entry(0, 4 * BLOCK, 7)),
                        null);
        CarryOver way = new CarryOver(old, now, 2);
        assertThat(way.apply(all).entries())
                .extracting(Profile.Entry::offset)
                .containsExactly(0L, 4L * BLOCK);
        assertThat(way.summary()).endsWith("; left out the last 3: a profile has its limit");
        CarryOver enough = new CarryOver(old, now, 6);
        assertThat(enough.apply(all).entries()).hasSize(6);
        assertThat(enough.summary()).doesNotContain("left out");
    }

    @Test
    void noBlockIsThereTwice() throws Exception {
        assertThat(carried("abcb", "xbcy", 1, 3)).isEqualTo("b");
        assertThat(carried("abab", "abab", 0, 1, 0)).isEqualTo("ab");
    }
}
