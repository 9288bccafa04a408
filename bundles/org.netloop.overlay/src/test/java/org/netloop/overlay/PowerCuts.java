package org.netloop.overlay;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;
import org.netloop.overlay.PowerCutStorage.DiskFailedException;
import org.netloop.overlay.PowerCutStorage.PowerCutException;
import org.netloop.tck.MemoryVolume;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/**
 * Cuts the power of an overlay again and again while it is opened, written to at random, flushed,
 * cleaned and closed, or kills its process, or lets the disk fail. After a cut it must hold what it
 * held after some write, none before the last flush; after a kill what it held at last. What it
 * held when it was opened survives all that follows.
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

    private int powerCuts;
    private int interruptions;
    private int kills;
    private int failures;
    private int losses;

    /** True if the power was cut while something was done. */
    private boolean mustCut;

    /** True if the process was killed, and the power not cut since. */
    private boolean killed;

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
        PowerCuts tried = new PowerCuts(seed);
        tried.run(cuts);
        System.out.printf(
                "%d power cuts, %d of them in the middle of something, %d kills, %d failed forces:"
                        + " nothing flushed was lost or changed; %d lost segments were told%n",
                tried.powerCuts, tried.interruptions, tried.kills, tried.failures, tried.losses);
    }

    void run(int cuts) throws Exception {
        for (int cut = 0; powerCuts < cuts; cut++) {
            if (random.nextInt(3) == 0) {
                storage.cutAfter(random.nextInt(4 * MOST_STEPS));
            }
            try {
                use(cut);
            } catch (IOException e) {
                mustCut = isOf(PowerCutException.class, e);
                interruptions += mustCut ? 1 : 0;
                failures += mustCut ? 0 : 1;
                if (!mustCut && !isOf(DiskFailedException.class, e)) {
                    throw new AssertionError("in round " + cut + " it fails", e);
                }
            }
            // Otherwise only the process is killed: what the kernel was given is still there.
            if (mustCut || random.nextBoolean()) {
                storage = storage.cut(random);
                mustCut = false;
                killed = false;
                powerCuts++;
            } else {
                storage.cutAfter(Integer.MAX_VALUE);
                killed = true;
                kills++;
            }
        }
    }

    private static boolean isOf(Class<?> kind, @Nullable Throwable failure) {
        return failure != null && (kind.isInstance(failure) || isOf(kind, failure.getCause()));
    }

    private void use(int cut) throws Exception {
        Journal journal = Journal.open(storage, heading, LIMITS, Runnable::run);
        OverlayVolume volume = new OverlayVolume("root", base, journal);
        check(volume, cut);
        int steps = random.nextInt(MOST_STEPS);
        for (int step = 0; step < steps; step++) {
            step(volume);
        }
        if (!Arrays.equals(content(volume), states.getLast())) {
            throw new AssertionError("before cut " + cut + " it does not hold what was written");
        }
        if (random.nextInt(8) == 0) {
            storage.failForces();
            volume.flush();
        }
        if (random.nextInt(4) == 0) {
            journal.close();
        }
        lose();
    }

    /** A segment that is lost is told, unless it is the last one: nothing tells that from a cut. */
    private void lose() throws IOException {
        List<Integer> there = Replay.numbers(storage);
        if (there.size() < 2) {
            return;
        }
        int lost = there.get(random.nextInt(there.size() - 1));
        Storage without = storage.without(Segment.name(lost));
        Replay replay = new Replay(without, heading);
        try {
            replay.run(Integer.MAX_VALUE);
        } catch (IOException e) {
            String told = String.valueOf(e.getMessage());
            if (told.contains("'" + Segment.name(lost) + "' is missing")) {
                losses++;
                return;
            }
            throw e;
        } finally {
            replay.closeSegments();
        }
        if (!isCleaned(lost)) {
            throw new AssertionError("that segment " + lost + " was lost is not told");
        }
    }

    /** One that was cleaned may be there again after a power cut. */
    private boolean isCleaned(int number) throws IOException {
        return new String(storage.read(Cleaned.NAME), UTF_8)
                .lines()
                .skip(1)
                .map(line -> line.split("-"))
                .anyMatch(
                        run ->
                                Integer.parseInt(run[0]) <= number
                                        && number <= Integer.parseInt(run[1]));
    }

    private void check(OverlayVolume volume, int cut) throws Exception {
        byte[] now = content(volume);
        for (byte[] state : killed ? List.of(states.getLast()) : states) {
            if (Arrays.equals(now, state)) {
                states.clear();
                states.add(now);
                killed = false;
                return;
            }
        }
        throw new AssertionError(
                (killed ? "kill " : "cut ")
                        + cut
                        + ": it holds none of the "
                        + states.size()
                        + " states it may");
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
                int first = (offset + Place.UNIT - 1) / Place.UNIT * Place.UNIT;
                int end = (offset + length) / Place.UNIT * Place.UNIT;
                if (first < end) {
                    state(first, new byte[end - first]);
                }
                volume.trim(offset, length);
            }
            default -> {
                byte[] bytes = new byte[length];
                random.nextBytes(bytes);
                state(offset, bytes);
                volume.write(offset, ByteBuffer.wrap(bytes));
            }
        }
    }

    /** A range that does not begin and end with a unit is up to three records. */
    private void zero(OverlayVolume volume, int offset, int length) throws Exception {
        boolean room = random.nextBoolean();
        int first = Math.min((offset + Place.UNIT - 1) / Place.UNIT * Place.UNIT, offset + length);
        int end = Math.max(first, (offset + length) / Place.UNIT * Place.UNIT);
        if (!room && first < end) {
            state(offset, new byte[first - offset]);
            state(first, new byte[end - first]);
            state(end, new byte[offset + length - end]);
        } else {
            state(offset, new byte[length]);
        }
        volume.zero(offset, length, room);
    }

    private void state(int offset, byte[] bytes) {
        byte[] next = states.getLast().clone();
        System.arraycopy(bytes, 0, next, offset, bytes.length);
        states.add(next);
    }
}
