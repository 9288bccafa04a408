package org.netloop.assembler.tree;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Program or shared library in the Executable and Linkable Format, 64 bits, as far as its needs go
 * (System V ABI, chapters 4 and 5).
 *
 * @param interpreter path of the dynamic linker; empty for a library or a static program
 * @param needed names of the shared libraries it is linked with
 */
public record Elf(String interpreter, List<String> needed) {
    private static final int MAGIC = 0x464c457f;
    private static final int HEADER = 64;

    // Where the fields of the header begin.
    private static final int SEGMENTS = 32;
    private static final int SECTIONS = 40;
    private static final int SEGMENT_LENGTH = 54;
    private static final int SEGMENT_COUNT = 56;
    private static final int SECTION_COUNT = 60;
    private static final int SECTION_NAMES = 62;

    private static final int LOAD = 1;
    private static final int DYNAMIC = 2;
    private static final int INTERPRETER = 3;
    private static final int NEEDED = 1;
    private static final int STRING_TABLE = 5;
    private static final int MOST_BYTES = 1 << 16;
    private static final int LONGEST_NAME = 1024;

    private record Segment(int type, long offset, long address, long size) {}

    /**
     * Reads the headers of a file.
     *
     * @return null if the file is none of this format
     * @throws IOException if it cannot be read, or is damaged
     */
    public static @Nullable Elf read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer header = at(channel, 0, HEADER);
            if (!isElf(header)) {
                return null;
            }
            return read(channel, segments(channel, header));
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new IOException(file + " is damaged: its headers point outside of it", e);
        }
    }

    /**
     * Returns a file of this format with what a loader maps and nothing behind it: no section
     * headers, and no symbols for debuggers. Other files are returned as they are.
     *
     * @throws IOException if it cannot be read, or is damaged
     */
    public static Content loaded(Content file) throws IOException {
        byte[] bytes;
        try (InputStream in = file.open()) {
            bytes = in.readAllBytes();
        }
        ByteBuffer whole = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (!isElf(whole)) {
            return file;
        }
        int end = lengthOfSegments(whole);
        if (end > bytes.length) {
            throw new IOException("a program is damaged: its headers point outside of it");
        }
        whole.putLong(SECTIONS, 0).putShort(SECTION_COUNT, (short) 0);
        whole.putShort(SECTION_NAMES, (short) 0);
        return Content.of(Arrays.copyOf(bytes, end));
    }

    private static int lengthOfSegments(ByteBuffer whole) throws IOException {
        int length = Short.toUnsignedInt(whole.getShort(SEGMENT_LENGTH));
        int count = Short.toUnsignedInt(whole.getShort(SEGMENT_COUNT));
        long at = whole.getLong(SEGMENTS);
        long end = at + (long) length * count;
        try {
            for (int i = 0; i < count; i++) {
                int segment = Math.toIntExact(at + (long) i * length);
                end = Math.max(end, whole.getLong(segment + 8) + whole.getLong(segment + 32));
            }
            return Math.toIntExact(end);
        } catch (IndexOutOfBoundsException | ArithmeticException e) {
            throw new IOException("a program is damaged: its headers point outside of it", e);
        }
    }

    private static boolean isElf(ByteBuffer file) {
        return file.limit() >= HEADER
                && file.getInt(0) == MAGIC
                && file.get(4) == 2
                && file.get(5) == 1;
    }

    private static Elf read(FileChannel channel, List<Segment> segments) throws IOException {
        String interpreter = "";
        List<String> needed = List.of();
        for (Segment segment : segments) {
            if (segment.type() == INTERPRETER) {
                interpreter = text(channel, segment.offset());
            } else if (segment.type() == DYNAMIC) {
                needed = needed(channel, segments, segment);
            }
        }
        return new Elf(interpreter, needed);
    }

    private static List<Segment> segments(FileChannel channel, ByteBuffer header)
            throws IOException {
        int length = Short.toUnsignedInt(header.getShort(SEGMENT_LENGTH));
        int count = Short.toUnsignedInt(header.getShort(SEGMENT_COUNT));
        if (length > HEADER) {
            throw new IndexOutOfBoundsException(length);
        }
        ByteBuffer table = at(channel, header.getLong(SEGMENTS), length * count);
        List<Segment> segments = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int at = i * length;
            segments.add(
                    new Segment(
                            table.getInt(at),
                            table.getLong(at + 8),
                            table.getLong(at + 16),
                            table.getLong(at + 32)));
        }
        return segments;
    }

    private static List<String> needed(FileChannel channel, List<Segment> segments, Segment dynamic)
            throws IOException {
        ByteBuffer table =
                at(channel, dynamic.offset(), (int) Math.min(dynamic.size(), MOST_BYTES));
        List<Long> names = new ArrayList<>();
        long strings = 0;
        while (table.remaining() >= 16) {
            long tag = table.getLong();
            long value = table.getLong();
            if (tag == NEEDED) {
                names.add(value);
            } else if (tag == STRING_TABLE) {
                strings = value;
            }
        }
        long start = offset(segments, strings);
        List<String> needed = new ArrayList<>();
        for (long name : names) {
            needed.add(text(channel, start + name));
        }
        return needed;
    }

    private static long offset(List<Segment> segments, long address) {
        for (Segment segment : segments) {
            if (segment.type() == LOAD
                    && address >= segment.address()
                    && address < segment.address() + segment.size()) {
                return address - segment.address() + segment.offset();
            }
        }
        return address;
    }

    private static String text(FileChannel channel, long offset) throws IOException {
        ByteBuffer bytes = at(channel, offset, LONGEST_NAME);
        int end = 0;
        while (end < bytes.limit() && bytes.get(end) != 0) {
            end++;
        }
        byte[] name = new byte[end];
        bytes.get(0, name);
        return new String(name, StandardCharsets.US_ASCII);
    }

    private static ByteBuffer at(FileChannel channel, long offset, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, offset + bytes.position()) < 0) {
                break;
            }
        }
        return bytes.flip();
    }
}
