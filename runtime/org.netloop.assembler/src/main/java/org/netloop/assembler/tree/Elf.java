package org.netloop.assembler.tree;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
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
            if (channel.size() < HEADER) {
                return null;
            }
            ByteBuffer header = at(channel, 0, HEADER);
            if (header.getInt(0) != MAGIC || header.get(4) != 2 || header.get(5) != 1) {
                return null;
            }
            return read(channel, segments(channel, header));
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new IOException(file + " is damaged: its headers point outside of it", e);
        }
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
        int length = Short.toUnsignedInt(header.getShort(54));
        int count = Short.toUnsignedInt(header.getShort(56));
        if (length > HEADER) {
            throw new IndexOutOfBoundsException(length);
        }
        ByteBuffer table = at(channel, header.getLong(32), length * count);
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
