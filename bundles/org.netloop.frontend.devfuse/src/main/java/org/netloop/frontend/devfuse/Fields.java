package org.netloop.frontend.devfuse;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/**
 * The structures of answers (linux/fuse.h), written to memory that is zero.
 *
 * @param uid the owner of all files
 * @param gid the group of all files
 */
record Fields(int uid, int gid) {
    static final int ENTRY = 128;
    static final int ATTRIBUTES = 104;
    static final int OPENED = 16;
    static final int STATISTICS = 80;
    static final int NUMBER = 8;

    /** Ways of an opened file: past the page cache; keeping what is in it. */
    static final int DIRECT_IO = 1;

    static final int KEEP_CACHE = 1 << 1;
    static final int NOFLUSH = 1 << 5;
    static final int PARALLEL_DIRECT_WRITES = 1 << 6;

    private static final int DIRECTORY = 0040000;
    private static final int BLOCK = 512;
    private static final int PAGE = 4096;
    private static final int LONGEST_NAME = 255;

    /**
     * Longest time for which the kernel keeps what it was told, in seconds; a change is told to it.
     */
    private static final long VALID = 3600;

    private static final int ATTRIBUTES_IN_ENTRY = 40;
    private static final int ATTRIBUTES_IN_ANSWER = 16;
    private static final int DIRENT = 24;

    /** Writes a fuse_entry_out. */
    void entry(MemorySegment at, Node node) {
        at.set(JAVA_LONG, 0, node.id());
        at.set(JAVA_LONG, 16, VALID);
        at.set(JAVA_LONG, 24, valid(node));
        attributes(at, ATTRIBUTES_IN_ENTRY, node);
    }

    /** Writes a fuse_attr_out. */
    void attributes(MemorySegment at, Node node) {
        at.set(JAVA_LONG, 0, valid(node));
        attributes(at, ATTRIBUTES_IN_ANSWER, node);
    }

    private static long valid(Node node) {
        return node instanceof Node.Status ? 0 : VALID;
    }

    private void attributes(MemorySegment at, long from, Node node) {
        at.set(JAVA_LONG, from, node.id());
        at.set(JAVA_LONG, from + 8, node.size());
        at.set(JAVA_LONG, from + 16, (node.stored() + BLOCK - 1) / BLOCK);
        at.set(JAVA_LONG, from + 24, node.modified());
        at.set(JAVA_LONG, from + 32, node.modified());
        at.set(JAVA_LONG, from + 40, node.modified());
        at.set(JAVA_INT, from + 60, node.mode());
        at.set(JAVA_INT, from + 64, (node.mode() & DIRECTORY) != 0 ? 2 : 1);
        at.set(JAVA_INT, from + 68, uid);
        at.set(JAVA_INT, from + 72, gid);
        at.set(JAVA_INT, from + 80, PAGE);
    }

    /** Writes a fuse_open_out. */
    static void opened(MemorySegment at, long handle, int ways) {
        at.set(JAVA_LONG, 0, handle);
        at.set(JAVA_INT, 8, ways);
    }

    /** Writes a fuse_statfs_out. */
    static void statistics(MemorySegment at, int files) {
        at.set(JAVA_LONG, 24, files);
        at.set(JAVA_INT, 40, PAGE);
        at.set(JAVA_INT, 44, LONGEST_NAME);
        at.set(JAVA_INT, 48, PAGE);
    }

    /**
     * Appends a fuse_dirent.
     *
     * @param into room for all
     * @param at where, a multiple of 8
     * @return where the next one begins; {@code at} if it does not fit
     */
    static int dirent(MemorySegment into, int at, Node node, String name, long order) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        int length = DIRENT + bytes.length + 7 & ~7;
        if (length > into.byteSize() - at) {
            return at;
        }
        into.asSlice(at, length).fill((byte) 0);
        into.set(JAVA_LONG, at, node.id());
        into.set(JAVA_LONG, at + 8L, order);
        into.set(JAVA_INT, at + 16L, bytes.length);
        into.set(JAVA_INT, at + 20L, node.mode() >> 12);
        MemorySegment.copy(bytes, 0, into, JAVA_BYTE, at + (long) DIRENT, bytes.length);
        return at + length;
    }
}
