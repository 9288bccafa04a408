package org.netloop.publish.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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
import org.netloop.api.volume.Recording;
import org.netloop.api.volume.VolumeException;
import org.netloop.api.volume.Volumes.OpenVolume;
import org.netloop.publish.DeltaCodec;
import org.netloop.tck.MemoryImage;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

@Timeout(60)
class DeltaMakerTest {
    private static final int BLOCK = 4096;
    private static final int BLOCKS = 12;
    private static final int TAIL = 3000;

    private final DeltaCodec codec = new DeltaCodec();
    private final byte[] before = noise(1, (BLOCKS - 1) * BLOCK + TAIL);
    private final Parent parent = new Parent(before, DigestAlgorithm.SHA256, "fake");

    private static byte[] noise(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static Digest digest(ByteBuffer bytes) {
        return Digest.of(DigestAlgorithm.SHA256, bytes);
    }

    private byte[] block(int number) {
        int end = Math.min((number + 1) * BLOCK, before.length);
        return Arrays.copyOfRange(before, number * BLOCK, end);
    }

    private DeltaMaker maker() throws Exception {
        return new DeltaMaker(parent, codec, 6, DigestAlgorithm.SHA256, 2);
    }

    private static Delta.@Nullable Made make(DeltaMaker maker, int place, byte[] plain)
            throws InterruptedException {
        ByteBuffer bytes = ByteBuffer.wrap(plain);
        Digest digest = digest(bytes);
        StoredBlock stored = StoredBlock.object(digest, digest.hex(), plain.length, "fake");
        Delta.Made made =
                maker.make(new Block((long) place * BLOCK, plain.length, stored), bytes, digest);
        assertThat(bytes.position()).isZero();
        return made;
    }

    /** Decodes a delta with the blocks it names. */
    private byte[] decoded(Delta.Made made, int length) throws Exception {
        ByteBuffer bases = ByteBuffer.allocate(Delta.MOST_BASES * BLOCK);
        for (DeltaBase base : made.bases()) {
            for (int number = 0; number < BLOCKS; number++) {
                if (digest(ByteBuffer.wrap(block(number))).equals(base.plain())) {
                    assertThat(base.stored()).isEqualTo(parent.stored(number));
                    assertThat(base.length()).isEqualTo(block(number).length);
                    bases.put(block(number));
                }
            }
        }
        ByteBuffer plain = ByteBuffer.allocate(length);
        codec.decodeDelta(bases.flip(), made.bytes().duplicate(), plain);
        return plain.array();
    }

    private List<Integer> numbers(Delta.Made made) {
        List<Integer> numbers = new ArrayList<>();
        for (DeltaBase base : made.bases()) {
            for (int number = 0; number < BLOCKS; number++) {
                if (parent.stored(number).equals(base.stored())) {
                    numbers.add(number);
                }
            }
        }
        return numbers;
    }

    @Test
    void aChangedBlockIsEncodedAgainstTheOneAtItsPlace() throws Exception {
        try (DeltaMaker maker = maker()) {
            for (int place : new int[] {0, 5, BLOCKS - 1}) {
                byte[] now = block(place);
                now[100] ^= 1;
                Delta.Made made = Objects.requireNonNull(make(maker, place, now));
                assertThat(numbers(made)).endsWith(place);
                assertThat(decoded(made, now.length)).isEqualTo(now);
                assertThat(made.codec()).isEqualTo("fake");
                assertThat(made.plain()).isEqualTo(digest(ByteBuffer.wrap(now)));
            }
            assertThat(maker.count()).isEqualTo(3);
            assertThat(maker.bytes()).isBetween(3L, 3L * 200);
            assertThat(maker.parent()).isEqualTo(parent.image().digest());
        }
        assertThat(parent.closed).isTrue();
    }

    @Test
    void theMostAlikeBlocksAreNamedAndTheOneAtThePlaceLast() throws Exception {
        byte[] mixed = new byte[BLOCK];
        System.arraycopy(block(7), 0, mixed, 0, 2600);
        System.arraycopy(block(9), 2600, mixed, 2600, BLOCK - 2600);
        try (DeltaMaker maker = maker()) {
            Delta.Made made = Objects.requireNonNull(make(maker, 3, mixed));
            assertThat(numbers(made)).contains(7).endsWith(3).hasSizeBetween(2, Delta.MOST_BASES);
            assertThat(decoded(made, BLOCK)).isEqualTo(mixed);
        }
    }

    @Test
    void beyondTheEndOfTheParentItIsEncodedAgainstWhatIsAlike() throws Exception {
        byte[] now = block(4);
        now[2000] ^= 1;
        try (DeltaMaker maker = maker()) {
            Delta.Made made = Objects.requireNonNull(make(maker, BLOCKS + 5, now));
            assertThat(numbers(made)).containsExactly(4);
            assertThat(decoded(made, BLOCK)).isEqualTo(now);
        }
    }

    @Test
    void whatTheParentHasOrIsNewGetsNoDelta() throws Exception {
        try (DeltaMaker maker = maker()) {
            assertThat(make(maker, 4, block(4))).as("the same").isNull();
            assertThat(make(maker, 9, block(4))).as("moved as a whole").isNull();
            assertThat(make(maker, BLOCKS + 1, noise(2, BLOCK))).as("like nothing").isNull();
            assertThat(make(maker, 4, noise(2, BLOCK))).as("saves nothing").isNull();
            Block hole = new Block(0, BLOCK, null);
            assertThat(maker.make(hole, ByteBuffer.allocate(BLOCK), digest(ByteBuffer.allocate(1))))
                    .isNull();
            assertThat(maker.count()).isZero();
            assertThat(maker.bytes()).isZero();
        }
    }

    @Test
    void onceTheParentCannotBeReadNoMoreAreMade() throws Exception {
        try (DeltaMaker maker = maker()) {
            byte[] now = block(4);
            now[0] ^= 1;
            parent.broken = true;
            assertThat(make(maker, 4, now)).isNull();
            parent.broken = false;
            assertThat(make(maker, 4, now)).isNull();
        }
    }

    @Test
    void aParentThatCannotBeReadAtAllIsAFailure() {
        parent.broken = true;
        assertThatThrownBy(this::maker)
                .isInstanceOf(VolumeException.Io.class)
                .hasMessage("no mirror answers");
    }

    @Test
    void plainBytesAreNamedByTheAlgorithmOfTheImage() throws Exception {
        Parent other = new Parent(before, DigestAlgorithm.SHA512_256, "fake");
        byte[] now = block(4);
        now[0] ^= 1;
        Digest name = Digest.of(DigestAlgorithm.SHA512_256, ByteBuffer.wrap(now));
        StoredBlock stored = StoredBlock.object(name, name.hex(), BLOCK, "fake");
        try (DeltaMaker maker = new DeltaMaker(other, codec, 6, DigestAlgorithm.SHA512_256, 1)) {
            ByteBuffer plain = ByteBuffer.wrap(now);
            Delta.Made made = maker.make(new Block(4 * BLOCK, BLOCK, stored), plain, digest(plain));
            assertThat(Objects.requireNonNull(made).plain()).isEqualTo(name);
            assertThat(made.bases()).allMatch(base -> base.plain().algorithm() == name.algorithm());
        }
    }

    @Test
    void aDeltaRefersOnlyToBlocksThatEveryReaderCanHave() throws Exception {
        BaseBlocks bases = new BaseBlocks(parent, DigestAlgorithm.SHA256, "fake");
        assertThat(bases.stored(0)).isEqualTo(parent.stored(0));
        assertThat(bases.stored(BLOCKS - 1)).isNotNull();
        assertThat(bases.stored(BLOCKS)).isNull();
        assertThat(new BaseBlocks(parent, DigestAlgorithm.SHA512, "fake").stored(0)).isNull();
        assertThat(new BaseBlocks(parent, DigestAlgorithm.SHA256, "zstd").stored(0)).isNull();
        Parent plain = new Parent(before, DigestAlgorithm.SHA256, StoredBlock.PLAIN);
        assertThat(new BaseBlocks(plain, DigestAlgorithm.SHA256, "fake").stored(0)).isNotNull();
        BaseBlocks.Base read = bases.read(2, parent.stored(2));
        assertThat(read.plain()).isEqualTo(block(2));
        assertThat(bases.read(2, parent.stored(2))).isSameAs(read);
    }

    /** An image whose blocks are of noise, named as if a codec had encoded them. */
    private static final class Parent implements OpenVolume {
        private final MemoryImage image;
        private final List<Block> blocks = new ArrayList<>();
        private volatile boolean broken;
        private volatile boolean closed;

        Parent(byte[] bytes, DigestAlgorithm algorithm, String codec) {
            for (int at = 0; at < bytes.length; at += BLOCK) {
                int length = Math.min(BLOCK, bytes.length - at);
                Digest name = Digest.of(algorithm, ByteBuffer.wrap(bytes, at, length));
                blocks.add(
                        new Block(at, length, StoredBlock.object(name, name.hex(), length, codec)));
            }
            ImageInfo info =
                    new ImageInfo(
                            digest(ByteBuffer.wrap(bytes)),
                            "memory",
                            bytes.length,
                            BLOCK,
                            codec,
                            null,
                            bytes.length,
                            Map.of(),
                            Verification.STORED);
            image = new MemoryImage(info, blocks, bytes);
        }

        StoredBlock stored(int number) {
            return blocks.get(number).stored().orElseThrow();
        }

        @Override
        public String name() {
            return "parent";
        }

        @Override
        public ImageInfo image() {
            return image.image();
        }

        @Override
        public Index index() {
            return image.index();
        }

        @Override
        public void read(long offset, ByteBuffer into) throws VolumeException {
            if (broken) {
                throw new VolumeException.Io("no mirror answers", null);
            }
            image.read(offset, into);
        }

        @Override
        public boolean readIfPresent(long offset, ByteBuffer into) {
            return false;
        }

        @Override
        public Extent extent(long offset, long length) {
            return image.extent(offset, length);
        }

        @Override
        public Block verify(long offset) {
            return image.verify(offset);
        }

        @Override
        public Recording record(String name) {
            return image.record(name);
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
