package org.netloop.codec.zstd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;

import org.junit.jupiter.api.Test;
import org.netloop.api.codec.Codec;
import org.netloop.api.codec.CodecException;
import org.netloop.tck.CodecContract;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

class ZstdCodecTest extends CodecContract {
    private final ZstdCodec codec = new ZstdCodec();

    @Override
    protected Codec codec() {
        return codec;
    }

    /** Encodes the way casync does: the frame states a window of 2 MiB but no content size. */
    private static byte[] untold(byte[] plain) throws IOException {
        ByteArrayOutputStream stored = new ByteArrayOutputStream();
        try (ZstdOutputStream stream = new ZstdOutputStream(stored)) {
            stream.write(plain);
        }
        return stored.toByteArray();
    }

    @Test
    void aFrameThatDoesNotTellItsSizeIsDecodedWithinItsRoom() throws Exception {
        byte[] plain = new byte[100_000];
        new Random(1).nextBytes(plain);
        byte[] stored = untold(plain);
        assertThat(codec.recognises(ByteBuffer.wrap(stored))).isTrue();
        for (boolean direct : new boolean[] {false, true}) {
            ByteBuffer into =
                    direct
                            ? ByteBuffer.allocateDirect(plain.length)
                            : ByteBuffer.allocate(plain.length);
            assertThat(codec.decode(ByteBuffer.wrap(stored), into)).isTrue();
            assertThat(into.flip()).isEqualTo(ByteBuffer.wrap(plain));
        }
        for (int room : new int[] {0, plain.length - 1}) {
            ByteBuffer into = ByteBuffer.allocate(room);
            assertThatThrownBy(() -> codec.decode(ByteBuffer.wrap(stored), into))
                    .isInstanceOf(CodecException.class);
        }
    }

    @Test
    void aFrameThatDoesNotTellItsSizeHasNoTail() throws Exception {
        byte[] stored = untold(new byte[1000]);
        byte[] twice = ByteBuffer.allocate(2 * stored.length).put(stored).put(stored).array();
        for (byte[] wrong :
                List.of(
                        twice,
                        Arrays.copyOf(stored, stored.length + 1),
                        Arrays.copyOf(stored, stored.length - 1))) {
            ByteBuffer into = ByteBuffer.allocate(2000);
            assertThatThrownBy(() -> codec.decodeWhole(ByteBuffer.wrap(wrong), into))
                    .isInstanceOf(CodecException.class);
        }
    }

    @Test
    void aFrameThatSaysItIsMuchLongerThanItsRoomCostsNothing() throws Exception {
        ByteBuffer bomb = ByteBuffer.allocate(1 << 16);
        codec.encode(ByteBuffer.allocate(Codec.MOST_BEYOND + 100), bomb, 1);
        ByteBuffer into = ByteBuffer.allocate(99);
        assertThatThrownBy(() -> codec.decode(bomb.flip(), into))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("where 99 belong");
        assertThat(codec.decode(bomb.rewind(), ByteBuffer.allocate(100))).isFalse();
    }
}
