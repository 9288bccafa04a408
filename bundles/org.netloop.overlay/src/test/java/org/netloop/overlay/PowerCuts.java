package org.netloop.overlay;

import org.netloop.tck.MemoryVolume;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/**
 * Cuts the power of an overlay again and again while it is written to at random. After each cut it
 * must hold what it held after some write, none before the last flush.
 */
public final class PowerCuts {
    private static final int SIZE = 60 * Place.UNIT + 700;
    private static final int BASE_SIZE = 50 * Place.UNIT + 300;
    private static final int LONGEST = 5 * Place.UNIT;
    private static final int MOST_STEPS = 60;
    private static final Limits LIMITS = new Limits(Limits.UNLIMITED, 64 << 10);

    private final Random random;
    private final MemoryVolume base;
    private final Heading heading;
    private PowerCutStorage storage = new PowerCutStorage();

    /** Contents after each write since the last flush. */
    private final List<byte[]> states = new ArrayList<>();

    PowerCuts(long seed) throws Exception {
        random = new Random(seed);
        base = MemoryVolume.generated("base", BASE_SIZE, 4096, block -> block % 7 == 2);
        heading = new Heading(new UUID(1, seed), base.identity(), BASE_SIZE, SIZE);
        heading.write(storage);
        states.add(Arrays.copyOf(base.expected(0, BASE_SIZE), SIZE));
    }

    /** Arguments: how many cuts, and a seed. */
    public static void main(String[] arguments) throws Exception {
        int cuts = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.nanoTime();
        System.out.println("seed " + seed);
        new PowerCuts(seed).run(cuts);
        System.out.println(cuts + " power cuts: nothing flushed was lost or changed");
    }

    void run(int cuts) throws Exception {
        for (int cut = 0; cut < cuts; cut++) {
            Journal journal = Journal.open(storage, heading, LIMITS, Runnable::run);
            OverlayVolume volume = new OverlayVolume("root", base, journal);
            check(volume, cut);
            int steps = random.nextInt(MOST_STEPS);
            for (int step = 0; step < steps; step++) {
                step(volume);
            }
            if (!Arrays.equals(content(volume), states.getLast())) {
                throw new AssertionError(
                        "before cut " + cut + " it does not hold what was written");
            }
            storage = storage.cut(random);
        }
    }

    private void check(OverlayVolume volume, int cut) throws Exception {
        byte[] now = content(volume);
        for (byte[] state : states) {
            if (Arrays.equals(now, state)) {
                states.clear();
                states.add(now);
                return;
            }
        }
        throw new AssertionError(
                "cut " + cut + ": it holds none of the " + states.size() + " states it may");
    }

    private static byte[] content(OverlayVolume volume) throws Exception {
        ByteBuffer bytes = ByteBuffer.allocate(SIZE);
        volume.read(0, bytes);
        return bytes.array();
    }

    private void step(OverlayVolume volume) throws Exception {
        int length = random.nextInt(LONGEST);
        int offset = random.nextInt(SIZE - length);
        if (random.nextBoolean()) {
            offset -= offset % Place.UNIT;
        }
        if (random.nextBoolean()) {
            length = Math.max(0, length - (offset + length) % Place.UNIT);
        }
        switch (random.nextInt(8)) {
            case 0 -> {
                volume.flush();
                byte[] now = states.getLast();
                states.clear();
                states.add(now);
            }
            case 1 -> zero(volume, offset, length);
            case 2 -> {
                volume.trim(offset, length);
                int first = (offset + Place.UNIT - 1) / Place.UNIT * Place.UNIT;
                int end = (offset + length) / Place.UNIT * Place.UNIT;
                if (first < end) {
                    state(first, new byte[end - first]);
                }
            }
            default -> {
                byte[] bytes = new byte[length];
                random.nextBytes(bytes);
                volume.write(offset, ByteBuffer.wrap(bytes));
                state(offset, bytes);
            }
        }
    }

    /** A range that does not begin and end with a unit is up to three records. */
    private void zero(OverlayVolume volume, int offset, int length) throws Exception {
        boolean room = random.nextBoolean();
        volume.zero(offset, length, room);
        int first = Math.min((offset + Place.UNIT - 1) / Place.UNIT * Place.UNIT, offset + length);
        int end = Math.max(first, (offset + length) / Place.UNIT * Place.UNIT);
        if (!room && first < end) {
            state(offset, new byte[first - offset]);
            state(first, new byte[end - first]);
            state(end, new byte[offset + length - end]);
        } else {
            state(offset, new byte[length]);
        }
    }

    private void state(int offset, byte[] bytes) {
        byte[] next = states.getLast().clone();
        System.arraycopy(bytes, 0, next, offset, bytes.length);
        states.add(next);
    }
}
