package org.netloop.frontend.devfuse;

import java.lang.foreign.MemorySegment;

/** The two ways of a FUSE session's descriptor; thread-safe. A test has one without a kernel. */
interface Device {

    /**
     * Waits for a request, and copies it.
     *
     * @param state room for an error number ({@link Native#state}), of this thread alone
     * @return its length in bytes, or a negative error number
     */
    long receive(MemorySegment into, MemorySegment state);

    /**
     * Sends an answer or a notice.
     *
     * @param state room for an error number, of this thread alone
     * @return a negative error number if it was not taken
     */
    long send(MemorySegment message, long length, MemorySegment state);
}
