package org.netloop.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.netloop.api.codec.Codec;
import org.netloop.api.codec.CodecException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** Obligations of every {@link Codec}. */
public abstract class CodecContract {
    private static final int BLOCK = 32 << 10;
    private static final int MUTATIONS = 20_000;
    private static final int LONGEST_FILE = 1 << 20;

    /** Returns the codec under test. */
    protected abstract Codec codec();

    @Test
    void itsIdIsShortAndPlain() {
        assertThat(codec().id()).matches("[a-z0-9-]{1,16}");
    }

    @Test
    void whatIsEncodedIsDecodedAgain() throws Exception {
        for (int length : new int[] {1, 2, 17, 4096, BLOCK - 1, BLOCK, 2 * BLOCK}) {
            for (byte[] plain : List.of(zeros(length), noise(length), text(length))) {
                assertThat(decode(encode(plain), plain.length)).isEqualTo(plain);
            }
        }
    }

    @Test
    void allThatItStoresIsRecognisedOrNone() throws Exception {
        boolean marked = recognises(encode(text(BLOCK)));
        for (int length : new int[] {1, 17, BLOCK}) {
            for (byte[] plain : List.of(zeros(length), noise(length), text(length))) {
                assertThat(recognises(encode(plain))).isEqualTo(marked);
                assertThat(recognises(plain)).isFalse();
            }
        }
        assertThat(recognises(new byte[0])).isFalse();
    }

    private boolean recognises(byte[] stored) {
        return codec().recognises(ByteBuffer.wrap(stored).asReadOnlyBuffer());
    }

    @Test
    void itsLevelsAllDecodeToTheSame() throws Exception {
        Codec.Levels levels = codec().levels();
        byte[] plain = text(BLOCK);
        for (int level : new int[] {levels.min(), levels.standard(), levels.max()}) {
            assertThat(decode(encode(plain, level), plain.length)).isEqualTo(plain);
        }
    }

    @Test
    void equalContentIsEncodedEqually() throws Exception {
        assertThat(encode(text(BLOCK))).isEqualTo(encode(text(BLOCK)));
    }

    @Test
    void noiseFitsIntoTheLengthItPromises() throws Exception {
        byte[] plain = noise(BLOCK);
        assertThat(encode(plain).length)
                .isLessThanOrEqualTo(codec().maxEncodedLength(plain.length));
    }

    @Test
    void buffersOfAllKindsAreTakenAndMovedOn() throws Exception {
        byte[] plain = text(BLOCK);
        byte[] stored = encode(plain);
        for (boolean direct : new boolean[] {false, true}) {
            ByteBuffer from = buffer(stored.length + 20, direct).position(10);
            from.put(stored).flip().position(10);
            ByteBuffer into = buffer(plain.length + 20, direct).position(7);
            codec().decodeWhole(from.asReadOnlyBuffer(), into.duplicate().position(7));
            codec().decodeWhole(from, into);
            assertThat(from.remaining()).isZero();
            assertThat(into.position()).isEqualTo(7 + plain.length);
            byte[] decoded = new byte[plain.length];
            into.get(7, decoded);
            assertThat(decoded).isEqualTo(plain);
        }
    }

    @Test
    void moreBytesThanTheRoomAreLeftAndSaidToBe() throws Exception {
        for (byte[] plain : List.of(zeros(BLOCK), text(BLOCK), noise(BLOCK))) {
            byte[] stored = encode(plain);
            for (int room : new int[] {BLOCK - 1, BLOCK / 3, 1, 0}) {
                ByteBuffer into = ByteBuffer.allocateDirect(room + 1).limit(room);
                assertThat(codec().decode(ByteBuffer.wrap(stored), into)).isFalse();
                assertThat(bytes(into)).isEqualTo(Arrays.copyOf(plain, room));
                assertThat(into.limit(room + 1).get(room)).isZero();
                assertThatThrownBy(() -> decode(stored, room)).isInstanceOf(CodecException.class);
            }
        }
    }

    @Test
    void truncatedInputIsRefused() throws Exception {
        byte[] stored = encode(text(BLOCK));
        for (int length = 0; length < stored.length; length += Math.max(1, stored.length / 500)) {
            byte[] cut = Arrays.copyOf(stored, length);
            assertThatThrownBy(() -> decode(cut, BLOCK)).isInstanceOf(CodecException.class);
        }
    }

    @Test
    void aTailIsNoPartOfTheBlock() throws Exception {
        byte[] stored = encode(text(BLOCK));
        for (byte[] tail : List.of(zeros(1), noise(1), zeros(512), noise(511), stored)) {
            byte[] tailed = Arrays.copyOf(stored, stored.length + tail.length);
            System.arraycopy(tail, 0, tailed, stored.length, tail.length);
            for (boolean direct : new boolean[] {false, true}) {
                ByteBuffer from = buffer(tailed.length, direct).put(tailed).flip();
                ByteBuffer into = buffer(2 * BLOCK, direct);
                assertThat(codec().decode(from, into)).isTrue();
                assertThat(bytes(into)).isEqualTo(text(BLOCK));
                assertThat(from.remaining()).isEqualTo(tail.length);
            }
            assertThatThrownBy(() -> decode(tailed, 2 * BLOCK)).isInstanceOf(CodecException.class);
        }
    }

    /** Returns the bytes before the position. */
    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.position()];
        buffer.get(0, bytes);
        return bytes;
    }

    @Test
    void mutatedInputIsRefusedOrStaysWithinItsRoom() throws Exception {
        Random random = new Random(2006);
        byte[] stored = encode(text(4096));
        ByteBuffer guarded = ByteBuffer.allocateDirect(4096 + 64);
        for (int round = 0; round < MUTATIONS; round++) {
            byte[] mutated = stored.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
            }
            guarded.clear().limit(4096);
            try {
                codec().decode(ByteBuffer.wrap(mutated), guarded);
            } catch (CodecException _) {
                // Refused: one of the two good ends.
            }
            assertThat(guarded.clear().position(4096)).isEqualTo(ByteBuffer.allocate(64));
        }
    }

    @Test
    void aFileOfSeveralStreamsIsReadToItsEndOrNotAtAll() throws Exception {
        byte[] first = encode(text(BLOCK));
        byte[] second = encode(noise(BLOCK));
        ByteBuffer file = ByteBuffer.allocate(first.length + second.length);
        file.put(first).put(second);
        Optional<InputStream> opened = codec().openFile(new ByteArrayInputStream(file.array()));
        if (opened.isEmpty()) {
            return;
        }
        assertThat(codec().recognises(file.flip().asReadOnlyBuffer())).isTrue();
        try (InputStream plain = opened.get()) {
            assertThat(plain.readNBytes(BLOCK)).isEqualTo(text(BLOCK));
            assertThat(plain.readAllBytes()).isEqualTo(noise(BLOCK));
        }
    }

    @Test
    void aFileThatEndsTooEarlyFails() throws Exception {
        byte[] file = encode(text(BLOCK));
        if (codec().openFile(new ByteArrayInputStream(file)).isEmpty()) {
            return;
        }
        for (int length = 1; length < file.length; length += Math.max(1, file.length / 500)) {
            byte[] cut = Arrays.copyOf(file, length);
            assertThatThrownBy(() -> readFile(cut)).as("%d bytes", length).isNotNull();
        }
    }

    @Test
    void aMutatedFileFailsOrEnds() throws Exception {
        byte[] file = encode(text(4096));
        if (codec().openFile(new ByteArrayInputStream(file)).isEmpty()) {
            return;
        }
        Random random = new Random(2006);
        for (int round = 0; round < MUTATIONS / 4; round++) {
            byte[] mutated = file.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(readFile(mutated)).isLessThanOrEqualTo(LONGEST_FILE);
            } catch (IOException | RuntimeException _) {
                // Refused: one of the two good ends.
            }
        }
    }

    /** Returns the number of bytes read from a file, up to a bound. */
    private long readFile(byte[] file) throws IOException {
        try (InputStream plain = codec().openFile(new ByteArrayInputStream(file)).orElseThrow()) {
            return plain.readNBytes(LONGEST_FILE).length;
        }
    }

    @Test
    void manyThreadsUseItAtOnce() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all =
                    IntStream.range(0, 64)
                            .<Future<?>>mapToObj(
                                    seed ->
                                            threads.submit(
                                                    () -> {
                                                        byte[] plain = noise(1 + seed * 997);
                                                        assertThat(
                                                                        decode(
                                                                                encode(plain),
                                                                                plain.length))
                                                                .isEqualTo(plain);
                                                        return null;
                                                    }))
                            .toList();
            for (Future<?> one : all) {
                one.get();
            }
        }
    }

    private byte[] encode(byte[] plain) throws CodecException {
        return encode(plain, codec().levels().standard());
    }

    private byte[] encode(byte[] plain, int level) throws CodecException {
        ByteBuffer stored = ByteBuffer.allocateDirect(codec().maxEncodedLength(plain.length));
        codec().encode(ByteBuffer.wrap(plain), stored, level);
        return bytes(stored);
    }

    private byte[] decode(byte[] stored, int room) throws CodecException {
        ByteBuffer plain = ByteBuffer.allocateDirect(room);
        codec().decodeWhole(ByteBuffer.wrap(stored), plain);
        return bytes(plain);
    }

    private static ByteBuffer buffer(int capacity, boolean direct) {
        return direct ? ByteBuffer.allocateDirect(capacity) : ByteBuffer.allocate(capacity);
    }

    private static byte[] zeros(int length) {
        return new byte[length];
    }

    private static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static byte[] text(int length) {
        byte[] bytes = new byte[length];
        Random random = new Random(length);
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) ('a' + random.nextInt(6));
        }
        return bytes;
    }
}
