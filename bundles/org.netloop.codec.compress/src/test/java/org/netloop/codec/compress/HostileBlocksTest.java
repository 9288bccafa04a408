package org.netloop.codec.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.codec.Codec;
import org.netloop.api.codec.CodecException;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/**
 * Checks that hostile input does no harm to the libraries: bombs, windows, noise, and blocks of
 * other programs.
 */
class HostileBlocksTest {
    private static final int CASES = 20_000;
    private static final int ROOM = 4096;
    private static final int BOMB = 16 << 20;

    private final List<Codec> codecs =
            List.of(new XzCodec(), new Lz4Codec(), new Bzip2Codec(), new GzipCodec());

    @TempDir Path directory;

    private static ByteBuffer encoded(Codec codec, byte[] plain) throws CodecException {
        ByteBuffer stored = ByteBuffer.allocate(codec.maxEncodedLength(plain.length));
        codec.encode(ByteBuffer.wrap(plain), stored, codec.levels().min());
        return stored.flip();
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }

    @Test
    void aBombCostsNoMoreThanItsRoomAndTheWindow() throws Exception {
        byte[] zeros = new byte[BOMB];
        for (Codec codec : codecs) {
            ByteBuffer bomb = encoded(codec, zeros);
            long before = allocated();
            assertThatThrownBy(() -> codec.decodeWhole(bomb, ByteBuffer.allocate(ROOM)))
                    .isInstanceOf(CodecException.class);
            assertThat(allocated() - before).as(codec.id()).isLessThan(16 << 20);
        }
    }

    @Test
    void aWindowOfXzThatNoBlockNeedsIsRefused() throws Exception {
        LZMA2Options options = new LZMA2Options(0);
        options.setDictSize(12 << 20);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (XZOutputStream out = new XZOutputStream(bytes, options)) {
            out.write(new byte[ROOM]);
        }
        long before = allocated();
        assertThatThrownBy(
                        () ->
                                codecs.getFirst()
                                        .decode(
                                                ByteBuffer.wrap(bytes.toByteArray()),
                                                ByteBuffer.allocate(ROOM)))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("xz");
        assertThat(allocated() - before).isLessThan(1 << 20);
    }

    @Test
    void hostileBlocksAreRefusedOrStayWithinTheirRoom() throws Exception {
        byte[] plain = new byte[ROOM];
        Random random = new Random(2006);
        for (int i = 0; i < plain.length; i++) {
            plain[i] = (byte) (random.nextInt(6) + i / 100);
        }
        for (Codec codec : codecs) {
            ByteBuffer good = encoded(codec, plain);
            for (int seed = 0; seed < CASES / codecs.size(); seed++) {
                byte[] hostile = mutated(good, new Random(seed));
                ByteBuffer into = ByteBuffer.allocate(ROOM + 8).limit(ROOM);
                try {
                    codec.decode(ByteBuffer.wrap(hostile), into);
                } catch (CodecException _) {
                    // Refused: one of the two good ends.
                } catch (RuntimeException | Error e) {
                    throw new AssertionError(
                            codec.id() + " " + HexFormat.of().formatHex(hostile), e);
                }
                assertThat(into.limit(ROOM + 8).getLong(ROOM)).isZero();
            }
        }
    }

    private static byte[] mutated(ByteBuffer good, Random random) {
        byte[] bytes =
                new byte[good.remaining() - (random.nextInt(4) == 0 ? random.nextInt(64) : 0)];
        good.get(good.position(), bytes);
        int reach = random.nextBoolean() ? Math.min(64, bytes.length) : bytes.length;
        for (int changes = 1 + random.nextInt(8); changes > 0; changes--) {
            bytes[random.nextInt(reach)] = (byte) (random.nextInt(3) == 0 ? -1 : random.nextInt());
        }
        return bytes;
    }

    @Test
    void blocksOfOtherProgramsAreReadAndTheyReadOurs() throws Exception {
        byte[] plain = "the quick brown fox\n".repeat(5000).getBytes(US_ASCII);
        for (Codec codec : codecs) {
            ByteBuffer theirs = ByteBuffer.wrap(run(plain, codec.id(), "-c"));
            ByteBuffer into = ByteBuffer.allocate(plain.length);
            codec.decodeWhole(theirs, into);
            assertThat(into.array()).as(codec.id()).isEqualTo(plain);
            ByteBuffer ours = encoded(codec, plain);
            byte[] stored = new byte[ours.remaining()];
            ours.get(stored);
            assertThat(run(stored, codec.id(), "-d", "-c")).as(codec.id()).isEqualTo(plain);
        }
    }

    private byte[] run(byte[] input, String... command) throws Exception {
        Path in = Files.write(directory.resolve("in"), input);
        Process process =
                new ProcessBuilder(command)
                        .redirectInput(in.toFile())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        byte[] output = process.getInputStream().readAllBytes();
        assertThat(process.waitFor()).isZero();
        return output;
    }
}
