package org.netloop.codec.zstd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.netloop.api.codec.CodecException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;

class DeltaFramesTest {
    private static final int BLOCK = 256 << 10;
    private static final int DICTIONARY_MAGIC = 0xEC30_A437;
    private static final int MUTATIONS = 3_000;

    private final ZstdCodec codec = new ZstdCodec();

    private static byte[] noise(int seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private byte[] encode(byte[] bases, byte[] plain) throws CodecException {
        ByteBuffer delta = ByteBuffer.allocate(codec.maxEncodedLength(plain.length));
        codec.encodeDelta(ByteBuffer.wrap(bases), ByteBuffer.wrap(plain), delta, 3);
        return Arrays.copyOf(delta.array(), delta.position());
    }

    private byte[] decode(byte[] bases, byte[] delta, int room) throws CodecException {
        ByteBuffer plain = ByteBuffer.allocateDirect(room);
        codec.decodeDelta(ByteBuffer.wrap(bases), ByteBuffer.wrap(delta), plain);
        byte[] bytes = new byte[plain.position()];
        plain.flip().get(bytes);
        return bytes;
    }

    @Test
    void whatLiesInAnyOfItsBasesIsNotStoredAgain() throws Exception {
        byte[] bases = noise(1, 4 * BLOCK);
        for (int from : new int[] {0, 1, BLOCK + 77, 3 * BLOCK}) {
            byte[] plain = Arrays.copyOfRange(bases, from, from + BLOCK);
            plain[1000]++;
            byte[] delta = encode(bases, plain);
            assertThat(delta.length).isLessThan(300);
            assertThat(decode(bases, delta, BLOCK)).isEqualTo(plain);
        }
    }

    @Test
    void basesThatBeginLikeADictionaryAreContentLikeAnyOther() throws Exception {
        byte[] bases = noise(2, BLOCK);
        ByteBuffer.wrap(bases).order(ByteOrder.LITTLE_ENDIAN).putInt(DICTIONARY_MAGIC);
        byte[] plain = Arrays.copyOfRange(bases, 0, BLOCK / 2);
        byte[] delta = encode(bases, plain);
        assertThat(delta.length).isLessThan(300);
        assertThat(decode(bases, delta, BLOCK)).isEqualTo(plain);
    }

    @Test
    void equalArgumentsGiveEqualBytesWhateverTheContextDidBefore() throws Exception {
        byte[] bases = noise(3, BLOCK);
        byte[] plain = Arrays.copyOfRange(bases, 17, BLOCK / 2);
        byte[] delta = encode(bases, plain);
        ByteBuffer block = ByteBuffer.allocate(codec.maxEncodedLength(plain.length));
        codec.encode(ByteBuffer.wrap(plain), block, 19);
        assertThat(encode(bases, plain)).isEqualTo(delta);
        ByteBuffer decoded = ByteBuffer.allocate(plain.length);
        codec.decodeWhole(block.flip(), decoded);
        assertThat(decoded.array()).isEqualTo(plain);
    }

    @Test
    void aMutatedDeltaIsRefusedOrStaysWithinItsRoom() throws Exception {
        byte[] bases = noise(4, 64 << 10);
        byte[] plain = Arrays.copyOfRange(bases, 100, 50_000);
        byte[] delta = encode(bases, plain);
        Random random = new Random(5);
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] wrong = delta.clone();
            wrong[random.nextInt(wrong.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                assertThat(decode(bases, wrong, plain.length)).hasSizeLessThan(plain.length + 1);
            } catch (CodecException e) {
                assertThat(e).hasMessageContaining("delta");
            }
        }
    }

    @Test
    void aDeltaThatIsLongerThanItsRoomOrCutOffIsRefused() throws Exception {
        byte[] bases = noise(6, 64 << 10);
        byte[] delta = encode(bases, bases);
        assertThatThrownBy(() -> decode(bases, delta, bases.length - 1))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("belong");
        byte[] cut = Arrays.copyOf(delta, delta.length - 3);
        assertThatThrownBy(() -> decode(bases, cut, bases.length))
                .isInstanceOf(CodecException.class);
    }
}
