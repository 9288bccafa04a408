package org.netloop.profile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.profile.Profile;
import org.netloop.api.profile.Profile.Entry;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

class ProfilesTest {
    private static final Digest IMAGE =
            Digest.of(DigestAlgorithm.SHA256, ByteBuffer.wrap(new byte[] {1}));

    private static Profile profile(Entry... entries) {
        return new Profile(IMAGE, "boot", Arrays.asList(entries), null);
    }

    private static BitSet bytes(List<Entry> entries) {
        BitSet bytes = new BitSet();
        entries.forEach(entry -> bytes.set((int) entry.offset(), (int) entry.end()));
        return bytes;
    }

    @Test
    void whatIsReadInAnyIsReadOnceInTheMerged() {
        Profile merged =
                Profiles.merge(
                        List.of(
                                profile(new Entry(100, 50, 1), new Entry(0, 10, 9)),
                                profile(new Entry(120, 50, 2), new Entry(300, 1, 5))));
        assertThat(merged.entries())
                .containsExactly(
                        new Entry(100, 50, 1),
                        new Entry(150, 20, 2),
                        new Entry(0, 10, 9),
                        new Entry(300, 1, 5));
    }

    @Test
    void mergedAndComparedProfilesHaveTheBytesThatSetsWouldHave() {
        Random random = new Random(7);
        for (int round = 0; round < 2000; round++) {
            Profile one = random(random);
            Profile other = random(random);
            List<Entry> merged = Profiles.merge(List.of(one, other)).entries();
            BitSet all = bytes(one.entries());
            all.or(bytes(other.entries()));
            assertThat(bytes(merged)).isEqualTo(all);
            assertThat(merged.stream().mapToLong(Entry::length).sum()).isEqualTo(all.cardinality());
            BitSet left = bytes(one.entries());
            left.andNot(bytes(other.entries()));
            assertThat(bytes(Profiles.without(one, other))).isEqualTo(left);
        }
    }

    private static Profile random(Random random) {
        return profile(
                IntStream.range(0, random.nextInt(8))
                        .mapToObj(_ -> new Entry(random.nextInt(40), 1 + random.nextInt(12), 0))
                        .toArray(Entry[]::new));
    }
}
