package org.netloop.api.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.netloop.api.codec.Codec.Levels;

import java.io.InputStream;
import java.nio.ByteBuffer;

/** Tests what every codec has that implements no more than it must. */
class CodecTest {
    private final Codec codec = new LengthFirst();

    private static ByteBuffer stored(int... bytes) {
        ByteBuffer stored = ByteBuffer.allocate(bytes.length);
        for (int one : bytes) {
            stored.put((byte) one);
        }
        return stored.flip();
    }

    @Test
    void allOfAStoredFormIsDecoded() throws Exception {
        ByteBuffer plain = ByteBuffer.allocate(2);
        codec.decodeWhole(stored(2, 7, 8), plain);
        assertThat(plain.flip()).isEqualTo(stored(7, 8));
    }

    @Test
    void moreThanIsExpectedIsRefused() {
        assertThatThrownBy(() -> codec.decodeWhole(stored(3, 7, 8, 9), ByteBuffer.allocate(2)))
                .isInstanceOf(CodecException.class)
                .hasMessage("its 4 bytes give more than the 2 bytes expected, or have no end");
    }

    @Test
    void bytesAfterTheEndAreRefused() {
        assertThatThrownBy(() -> codec.decodeWhole(stored(1, 7, 8, 9), ByteBuffer.allocate(2)))
                .isInstanceOf(CodecException.class)
                .hasMessage("2 of its 4 bytes follow the end");
    }

    @Test
    void withoutMoreItReadsNoFilesAndNoDeltas() throws Exception {
        ByteBuffer none = ByteBuffer.allocate(0);
        assertThat(codec.recognises(none)).isFalse();
        assertThat(codec.openFile(InputStream.nullInputStream())).isEmpty();
        assertThat(codec.encodesDeltas()).isFalse();
        assertThatThrownBy(() -> codec.encodeDelta(none, none, none, 1))
                .isInstanceOf(CodecException.class)
                .hasMessage("codec length-first encodes no deltas");
        assertThatThrownBy(() -> codec.decodeDelta(none, none, none))
                .isInstanceOf(CodecException.class)
                .hasMessage("codec length-first decodes no deltas");
    }

    @Test
    void levelsAreInOrder() {
        Levels levels = new Levels(1, 3, 9);
        assertThat(levels.contains(0)).isFalse();
        assertThat(levels.contains(1)).isTrue();
        assertThat(levels.contains(9)).isTrue();
        assertThat(levels.contains(10)).isFalse();
        assertThat(new Levels(2, 2, 2).contains(2)).isTrue();
        assertThatIllegalArgumentException().isThrownBy(() -> new Levels(2, 1, 3));
        assertThatIllegalArgumentException().isThrownBy(() -> new Levels(1, 3, 2));
    }

    /** A byte that tells how many bytes follow, and those. */
    private static final class LengthFirst implements Codec {
        @Override
        public String id() {
            return "length-first";
        }

        @Override
        public Levels levels() {
            return new Levels(1, 1, 1);
        }

        @Override
        public int maxEncodedLength(int plainLength) {
            return plainLength + 1;
        }

        @Override
        public void encode(ByteBuffer plain, ByteBuffer stored, int level) {
            stored.put((byte) plain.remaining()).put(plain);
        }

        @Override
        public boolean decode(ByteBuffer stored, ByteBuffer plain) {
            int length = stored.get();
            while (length > 0 && plain.hasRemaining()) {
                plain.put(stored.get());
                length--;
            }
            return length == 0;
        }
    }
}
