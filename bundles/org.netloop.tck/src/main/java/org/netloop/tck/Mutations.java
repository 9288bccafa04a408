package org.netloop.tck;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;

/** Mutations that a hostile publisher, or a bad disk, may apply to the bytes of an index. */
final class Mutations {
    private static final int LONGEST = 64;

    private static final byte[][] BINARY = {
        {0, 0, 0, 0},
        {-1, -1, -1, -1, -1, -1, -1, -1},
        {0x7F, -1, -1, -1},
        {0x7F, -1, -1, -1, -1, -1, -1, -1},
        {(byte) 0x80, 0, 0, 0, 0, 0, 0, 0},
    };

    private static final byte[][] TEXT =
            Stream.of(
                            "9223372036854775808",
                            "-1",
                            "1e999",
                            "null",
                            "[[[[[[[[[[[[",
                            "{\"a\":{\"a\":{\"a\":",
                            "\\ud800")
                    .map(text -> text.getBytes(StandardCharsets.US_ASCII))
                    .toArray(byte[][]::new);

    private static final byte[][] ALL =
            Stream.of(BINARY, TEXT).flatMap(Stream::of).toArray(byte[][]::new);

    private Mutations() {}

    /**
     * Returns one to three changes: bytes cut off, left out, repeated, flipped, or replaced by
     * worse.
     */
    static byte[] of(byte[] original, Random random) {
        byte[] bytes = original;
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(bytes.length + 1);
            int end = at + random.nextInt(Math.min(LONGEST, bytes.length - at + 1));
            bytes =
                    switch (random.nextInt(6)) {
                        case 0 -> spliced(bytes, at, bytes.length, new byte[0]);
                        case 1 -> spliced(bytes, at, end, new byte[0]);
                        case 2 -> spliced(bytes, at, at, Arrays.copyOfRange(bytes, at, end));
                        case 3 -> spliced(bytes, at, end, ALL[random.nextInt(ALL.length)]);
                        default -> flipped(bytes, at, random);
                    };
        }
        return bytes;
    }

    /**
     * One to three numbers replaced in place, near the begin of one of some places: what mutations
     * of a file that is mostly blocks would seldom meet.
     *
     * @param places where the map of the file lies
     */
    static byte[] inPlace(byte[] original, int[] places, int span, Random random) {
        byte[] bytes = original.clone();
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = places[random.nextInt(places.length)] + random.nextInt(span);
            byte[] worse = new byte[1 << random.nextInt(4)];
            if (random.nextBoolean()) {
                worse = BINARY[random.nextInt(BINARY.length)];
            } else {
                random.nextBytes(worse);
            }
            int count = Math.min(worse.length, bytes.length - at);
            if (count > 0) {
                System.arraycopy(worse, 0, bytes, at, count);
            }
        }
        return random.nextInt(8) == 0
                ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 1))
                : bytes;
    }

    private static byte[] spliced(byte[] bytes, int from, int to, byte[] between) {
        return ByteBuffer.allocate(from + between.length + bytes.length - to)
                .put(bytes, 0, from)
                .put(between)
                .put(bytes, to, bytes.length - to)
                .array();
    }

    private static byte[] flipped(byte[] bytes, int at, Random random) {
        byte[] flipped = bytes.clone();
        if (at < flipped.length) {
            flipped[at] ^= (byte) (1 << random.nextInt(8));
        }
        return flipped;
    }
}
