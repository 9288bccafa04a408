package org.netloop.format.netloop;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.index.BlockOrder;
import org.netloop.api.index.Delta;
import org.netloop.api.index.DeltaBase;
import org.netloop.api.index.ImageSpec;
import org.netloop.api.transport.FetchException.Corrupt;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/**
 * The deltas of the blocks of one segment. Big-endian:
 *
 * <pre>
 * table  = magic:u32 version:u8 algorithm:u8 first:u64
 *          objects:u16 bases:u16 deltas:u16 object*objects base*bases delta*deltas
 * object = length:u32 digest
 * base   = kind:u8 length:u32 plainLength:u32 digest plainDigest
 * delta  = block:u16 object:u16 position:u32 length:u32 digest plainDigest count:u8 base:u16*count
 * </pre>
 */
final class DeltaTable {
    static final int MAGIC = 0x4E4C4454; // NLDT
    private static final int VERSION = 1;
    private static final int HEADER_LENGTH = 20;
    private static final int LONGEST_DIGEST = 64;
    private static final int MOST_OBJECTS = Segment.BLOCKS;
    private static final int MOST_BASES = Segment.BLOCKS * Delta.MOST_BASES;
    private static final int OBJECT_LENGTH = Integer.BYTES + LONGEST_DIGEST;
    private static final int BASE_LENGTH = 1 + 2 * Integer.BYTES + 2 * LONGEST_DIGEST;
    private static final int DELTA_LENGTH =
            2 * Short.BYTES + 2 * Integer.BYTES + 2 * LONGEST_DIGEST + 1;

    /** Length of a delta of one base that others share, by the shortest digest for blocks. */
    static final int LEAST_ROW = 2 * Short.BYTES + 2 * Integer.BYTES + 2 * 32 + 1 + Short.BYTES;

    static final int MAX_LENGTH =
            HEADER_LENGTH
                    + MOST_OBJECTS * OBJECT_LENGTH
                    + MOST_BASES * (BASE_LENGTH + Short.BYTES)
                    + Segment.BLOCKS * DELTA_LENGTH;

    /** Neighbours are fetched together up to about the length of one stored block. */
    static final int RUN_LENGTH = 64 << 10;

    private DeltaTable() {}

    /**
     * Writes the table of a segment that has at least one delta.
     *
     * @param entries by ascending block
     * @param objects all objects that were made, by their ordinals
     */
    static ByteBuffer write(
            ImageSpec spec, long segment, List<DeltaEntry> entries, List<DeltaObject> objects) {
        SequencedSet<DeltaBase> bases = new LinkedHashSet<>();
        SequencedSet<Integer> used = new LinkedHashSet<>();
        for (DeltaEntry entry : entries) {
            bases.addAll(entry.bases());
            used.add(entry.object());
        }
        int length =
                HEADER_LENGTH
                        + used.size() * OBJECT_LENGTH
                        + bases.size() * BASE_LENGTH
                        + entries.size() * (DELTA_LENGTH + Delta.MOST_BASES * Short.BYTES);
        ByteBuffer out = ByteBuffer.allocate(length);
        out.putInt(MAGIC).put((byte) VERSION).put(Segment.number(spec.digest()));
        out.putLong(segment * Segment.BLOCKS);
        out.putShort((short) used.size());
        out.putShort((short) bases.size());
        out.putShort((short) entries.size());
        for (int object : used) {
            out.putInt(objects.get(object).length());
            objects.get(object).digest().write(out);
        }
        bases.forEach(base -> write(base, out));
        Map<Integer, Integer> objectNumbers = numbers(used);
        Map<DeltaBase, Integer> baseNumbers = numbers(bases);
        for (DeltaEntry entry : entries) {
            write(entry, objectNumbers.getOrDefault(entry.object(), 0), baseNumbers, out);
        }
        return out.flip();
    }

    private static <T> Map<T, Integer> numbers(SequencedSet<T> all) {
        Map<T, Integer> numbers = new LinkedHashMap<>();
        all.forEach(one -> numbers.put(one, numbers.size()));
        return numbers;
    }

    private static void write(DeltaBase base, ByteBuffer out) {
        out.put(Segment.kind(base.stored())).putInt(base.stored().length()).putInt(base.length());
        base.stored().key().write(out);
        base.plain().write(out);
    }

    private static void write(
            DeltaEntry entry, int object, Map<DeltaBase, Integer> bases, ByteBuffer out) {
        out.putShort((short) entry.block()).putShort((short) object);
        out.putInt(entry.position()).putInt(entry.length());
        entry.digest().write(out);
        entry.plain().write(out);
        out.put((byte) entry.bases().size());
        for (DeltaBase base : entry.bases()) {
            out.putShort((short) (int) bases.getOrDefault(base, 0));
        }
    }

    /** A parsed table: the objects it refers to, and the delta of each block, or null. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Parsed(List<DeltaObject> objects, @Nullable Delta[] deltas) {}

    /**
     * Parses the table of a segment.
     *
     * @param name what messages call it
     * @param segment which segment of the image it is for
     * @param size the image's size
     */
    static Parsed parse(String name, ByteBuffer table, long segment, long size, ImageSpec spec)
            throws Corrupt {
        try {
            return new Reading(name, table.duplicate(), segment, size, spec).read();
        } catch (BufferUnderflowException e) {
            throw new Corrupt(name + " ends too early, after " + table.remaining() + " bytes", e);
        } catch (IllegalArgumentException e) {
            throw new Corrupt(name + ": " + e.getMessage(), e);
        }
    }

    /** One table being read. Used once. */
    private record Reading(String name, ByteBuffer in, long segment, long size, ImageSpec spec) {

        Parsed read() throws Corrupt {
            require("magic", MAGIC, in.getInt());
            require("version", VERSION, in.get());
            require("digest algorithm", Segment.number(spec.digest()), in.get());
            require("first block", segment * Segment.BLOCKS, in.getLong());
            long left = Math.ceilDiv(size, (long) spec.blockLength()) - segment * Segment.BLOCKS;
            int blocks = (int) Math.min(Segment.BLOCKS, left);
            int objectCount = count("objects", MOST_OBJECTS);
            int baseCount = count("bases", MOST_BASES);
            int deltaCount = count("deltas", blocks);
            List<DeltaObject> objects = new ArrayList<>();
            for (int i = 0; i < objectCount; i++) {
                int length = number("object length", 1, DeltaObject.MAX_LENGTH, in.getInt());
                objects.add(new DeltaObject(Digest.read(spec.digest(), in), length));
            }
            List<DeltaBase> bases = new ArrayList<>();
            for (int i = 0; i < baseCount; i++) {
                bases.add(base());
            }
            List<DeltaEntry> entries = new ArrayList<>();
            for (int i = 0; i < deltaCount; i++) {
                int least = entries.isEmpty() ? 0 : entries.getLast().block() + 1;
                entries.add(entry(least, blocks - 1, objects, bases));
            }
            require("bytes after its last delta", 0, in.remaining());
            return new Parsed(objects, deltas(blocks, entries, objects));
        }

        private int count(String field, int most) throws Corrupt {
            return number(field, 0, most, Short.toUnsignedInt(in.getShort()));
        }

        private void require(String field, long expected, long found) throws Corrupt {
            if (found != expected) {
                throw new Corrupt(name + ": " + field + " is " + found + ", not " + expected);
            }
        }

        private int number(String field, int min, int max, int found) throws Corrupt {
            if (found < min || found > max) {
                throw new Corrupt(
                        name + ": " + field + " is " + found + ", not from " + min + " to " + max);
            }
            return found;
        }

        private DeltaBase base() throws Corrupt {
            String codec = Segment.codec(in.get(), spec);
            int stored = in.getInt();
            int plain = number("plain length", 1, spec.blockLength(), in.getInt());
            Digest digest = Digest.read(spec.digest(), in);
            Digest plainDigest = Digest.read(spec.digest(), in);
            if (codec == null || !BlockOrder.isPossible(stored, plain, codec)) {
                throw new Corrupt(
                        name + ": " + plain + " bytes are stored in " + stored + " by " + codec);
            }
            return new DeltaBase(
                    StoredBlock.object(digest, Layout.block(digest), stored, codec),
                    plain,
                    plainDigest);
        }

        private DeltaEntry entry(
                int least, int last, List<DeltaObject> objects, List<DeltaBase> bases)
                throws Corrupt {
            int block = number("block", least, last, Short.toUnsignedInt(in.getShort()));
            int object =
                    number("object", 0, objects.size() - 1, Short.toUnsignedInt(in.getShort()));
            int end = objects.get(object).length();
            int position = number("position", 0, end - 1, in.getInt());
            int length = number("length", 1, end - position, in.getInt());
            Digest digest = Digest.read(spec.digest(), in);
            Digest plain = Digest.read(spec.digest(), in);
            int count = number("count of bases", 1, Delta.MOST_BASES, in.get());
            List<DeltaBase> chosen = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                int base = Short.toUnsignedInt(in.getShort());
                chosen.add(bases.get(number("base", 0, bases.size() - 1, base)));
            }
            return new DeltaEntry(block, object, position, length, digest, plain, chosen);
        }

        private @Nullable Delta[] deltas(
                int blocks, List<DeltaEntry> entries, List<DeltaObject> objects) {
            @Nullable Delta[] deltas = new @Nullable Delta[blocks];
            for (int begin = 0; begin < entries.size(); ) {
                int end = DeltaTable.endOfRun(entries, begin);
                DeltaEntry first = entries.get(begin);
                DeltaEntry last = entries.get(end - 1);
                int length = last.position() + last.length() - first.position();
                Delta.Run run = new Delta.Run(first.position(), length);
                for (DeltaEntry entry : entries.subList(begin, end)) {
                    String path = objects.get(entry.object()).path();
                    deltas[entry.block()] = delta(entry, path, run);
                }
                begin = end;
            }
            return deltas;
        }

        private Delta delta(DeltaEntry entry, String path, Delta.Run run) {
            StoredBlock stored =
                    StoredBlock.range(
                            entry.digest(), path, entry.position(), entry.length(), spec.codec());
            long offset = (segment * Segment.BLOCKS + entry.block()) * spec.blockLength();
            int length = (int) Math.min(spec.blockLength(), size - offset);
            return new Delta(stored, run, length, entry.plain(), entry.bases());
        }
    }

    /** Returns the end of the neighbours that lie side by side and are fetched together. */
    private static int endOfRun(List<DeltaEntry> entries, int begin) {
        DeltaEntry first = entries.get(begin);
        int end = begin + 1;
        int position = first.position() + first.length();
        while (end < entries.size()) {
            DeltaEntry next = entries.get(end);
            boolean beside = next.object() == first.object() && next.position() == position;
            int length = position - first.position();
            if (!beside || length > RUN_LENGTH - next.length()) {
                break;
            }
            position += next.length();
            end++;
        }
        return end;
    }
}
