package org.netloop.frontend.devfuse;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/**
 * A request as the kernel writes it (linux/fuse.h): a header of 40 bytes {length, opcode, unique,
 * node, uid, gid, pid, padding}, then what its operation needs. One buffer that is filled again and
 * again; used by one thread. Fields are read only after {@link #take} has found the request whole.
 */
final class Request {
    static final int LOOKUP = 1;
    static final int FORGET = 2;
    static final int GETATTR = 3;
    static final int SETATTR = 4;
    static final int OPEN = 14;
    static final int READ = 15;
    static final int WRITE = 16;
    static final int STATFS = 17;
    static final int RELEASE = 18;
    static final int FSYNC = 20;
    static final int INIT = 26;
    static final int OPENDIR = 27;
    static final int READDIR = 28;
    static final int RELEASEDIR = 29;
    static final int INTERRUPT = 36;
    static final int DESTROY = 38;
    static final int BATCH_FORGET = 42;
    static final int FALLOCATE = 43;
    static final int LSEEK = 46;

    static final int HEADER = 40;

    /** Offset of the bytes of a WRITE. */
    static final int DATA = HEADER + 40;

    /** Set in the number of a request that was sent to another process before. */
    static final long RESENT = 1L << 63;

    private static final long OPCODE = 4;
    private static final long UNIQUE = 8;
    private static final long NODE = 16;
    private static final long PID = 32;
    private static final long PAGE = 4096;
    private static final int[] BODY = bodies();

    private final MemorySegment bytes;
    private long length;

    /** Makes a buffer for requests of at most so many bytes. */
    Request(Arena arena, long most) {
        bytes = arena.allocate(most, PAGE);
    }

    /** The least length of what follows the header, by opcode. */
    private static int[] bodies() {
        int[] all = new int[LSEEK + 1];
        all[LOOKUP] = 1;
        all[GETATTR] = 16;
        all[SETATTR] = 88;
        all[OPEN] = 8;
        all[READ] = 40;
        all[WRITE] = 40;
        all[RELEASE] = 24;
        all[FSYNC] = 16;
        all[INIT] = 16;
        all[OPENDIR] = 8;
        all[READDIR] = 40;
        all[RELEASEDIR] = 24;
        all[INTERRUPT] = 8;
        all[FALLOCATE] = 32;
        all[LSEEK] = 24;
        return all;
    }

    /** Returns the buffer that the next request is written to. */
    MemorySegment buffer() {
        return bytes;
    }

    /**
     * Makes this the request that was written to the buffer.
     *
     * @param count its length in bytes, as was read
     * @return false if its header is cut or says another length: then nothing of it may be read
     */
    boolean take(long count) {
        length = 0;
        if (count < HEADER || count > bytes.byteSize() || bytes.get(JAVA_INT, 0) != count) {
            return false;
        }
        length = count;
        return true;
    }

    /** Returns whether the request is as long as its operation needs. */
    boolean isWhole() {
        int opcode = opcode();
        int body = opcode >= 0 && opcode < BODY.length ? BODY[opcode] : 0;
        return length >= HEADER + body
                && (opcode != WRITE || (size() >= 0 && length >= (long) DATA + size()));
    }

    /** Returns a copy, for another thread. */
    Request copy() {
        Request copy = new Request(Arena.ofAuto(), Math.max(length, HEADER));
        MemorySegment.copy(bytes, 0, copy.bytes, 0, length);
        copy.length = length;
        return copy;
    }

    int opcode() {
        return bytes.get(JAVA_INT, OPCODE);
    }

    /** Returns its number, which names it among all that are under way. */
    long unique() {
        return bytes.get(JAVA_LONG, UNIQUE);
    }

    long node() {
        return bytes.get(JAVA_LONG, NODE);
    }

    /** Returns the thread that asks, as this process numbers it; 0 if it has no number for it. */
    int thread() {
        return bytes.get(JAVA_INT, PID);
    }

    /** Returns the name, for LOOKUP; null if it does not end within the request. */
    @Nullable String name() {
        for (long end = HEADER; end < length; end++) {
            if (bytes.get(JAVA_BYTE, end) == 0) {
                byte[] name = bytes.asSlice(HEADER, end - HEADER).toArray(JAVA_BYTE);
                return new String(name, StandardCharsets.UTF_8);
            }
        }
        return null;
    }

    /** Returns a field of 4 bytes behind the header; 0 if the request is too short for it. */
    int word(long at) {
        return HEADER + at + Integer.BYTES <= length ? bytes.get(JAVA_INT, HEADER + at) : 0;
    }

    /** Returns a field of 8 bytes behind the header; 0 if the request is too short for it. */
    long number(long at) {
        return HEADER + at + Long.BYTES <= length ? bytes.get(JAVA_LONG, HEADER + at) : 0;
    }

    /** Returns the handle that the opened file was given; for what is asked of an open file. */
    long handle() {
        return number(0);
    }

    /** Returns the offset in bytes; for READ, WRITE, READDIR, LSEEK and FALLOCATE. */
    long offset() {
        return number(8);
    }

    /** Returns the number of bytes; for READ, WRITE and READDIR. */
    int size() {
        return word(16);
    }

    /** Returns the bytes to write, in the buffer itself; for WRITE. */
    MemorySegment data(int count) {
        return bytes.asSlice(DATA, count);
    }
}
