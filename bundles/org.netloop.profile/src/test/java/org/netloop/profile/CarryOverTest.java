package org.netloop.profile;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.Extent;
import org.netloop.api.block.StoredBlock;
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

    /** Each letter is the content of a block; a dot is a hole. */
    private record Letters(String letters) implements Index {
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
                    Map.of());
        }

        @Override
        public Block block(long offset) {
            int number = (int) (offset / BLOCK);
            String letter = letters.substring(number, number + 1);
            StoredBlock stored =
                    letter.equals(".")
                            ? null
                            : StoredBlock.object(
                                    digest(letter), "blocks/" + letter, BLOCK, StoredBlock.PLAIN);
            return new Block((long) number * BLOCK, BLOCK, stored);
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
        Letters old = new Letters(from);
        List<Profile.Entry> entries =
                Arrays.stream(blocks)
                        .mapToObj(block -> new Profile.Entry((long) block * BLOCK, BLOCK, 7))
                        .toList();
        Profile profile = new Profile(old.image().digest(), "boot", entries, null);
        Letters now = new Letters(to);
        Profile result = new CarryOver(old, now).apply(profile);
        assertThat(result.image()).isEqualTo(now.image().digest());
        StringBuilder read = new StringBuilder();
        for (Profile.Entry entry : result.entries()) {
            assertThat(entry.afterMillis()).isEqualTo(7);
            read.append(to.charAt((int) (entry.offset() / BLOCK)));
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
    void noBlockIsThereTwice() throws Exception {
        assertThat(carried("abcb", "xbcy", 1, 3)).isEqualTo("b");
        assertThat(carried("abab", "abab", 0, 1, 0)).isEqualTo("ab");
    }
}
