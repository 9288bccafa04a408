package org.netloop.frontend.fuse;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/**
 * A request as the kernel writes it (linux/fuse.h): a header of 40 bytes {length, opcode, unique,
 * node, uid, gid, pid, padding}, then what its operation needs. A view of the buffer it was read
 * into; used by one thread.
 *
 * @param bytes the buffer, at least as long as the longest request that is looked at
 */
record Request(MemorySegment bytes) {
    static final int READ = 15;
    static final int INTERRUPT = 36;
    static final int LSEEK = 46;

    private static final long OPCODE = 4;
    private static final long UNIQUE = 8;
    private static final long PID = 32;
    private static final long BODY = 40;
    private static final long BODY_SECOND = 48;
    private static final long BODY_THIRD = 56;

    int opcode() {
        return bytes.get(JAVA_INT, OPCODE);
    }

    /** Names it among all that are under way. */
    long unique() {
        return bytes.get(JAVA_LONG, UNIQUE);
    }

    /** The thread that asks, as this process numbers it; 0 if it has no number for it. */
    int thread() {
        return bytes.get(JAVA_INT, PID);
    }

    /** Of READ and LSEEK: the number that the opened file was given. */
    long handle() {
        return bytes.get(JAVA_LONG, BODY);
    }

    /** Of READ and LSEEK: in bytes. */
    long offset() {
        return bytes.get(JAVA_LONG, BODY_SECOND);
    }

    /** Of READ: how many bytes are wanted. */
    int size() {
        return bytes.get(JAVA_INT, BODY_THIRD);
    }

    /** Of LSEEK: as lseek(2) has it. */
    int whence() {
        return bytes.get(JAVA_INT, BODY_THIRD);
    }

    /** Of INTERRUPT: which request. */
    long interrupted() {
        return bytes.get(JAVA_LONG, BODY);
    }
}
