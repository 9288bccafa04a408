package org.netloop.frontend.devfuse;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The kernel's end of a session, at an open descriptor of {@code /dev/fuse}. Thread-safe. */
final class KernelDevice implements Device {
    /** Length of a notice without data: of its header, in bytes. */
    private static final long NOTICE = 16;

    private static final int RESEND = 7;

    private final int descriptor;
    private volatile boolean silent;

    /** Guarded by the monitor. */
    private boolean closed;

    KernelDevice(int descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Sends nothing any more: what is asked stays unanswered, for a successor to be asked again.
     */
    void silence() {
        silent = true;
    }

    @Override
    public long receive(MemorySegment into, MemorySegment state) {
        if (silent) {
            return -Errno.ENODEV;
        }
        long length = Native.read(descriptor, into, state);
        if (silent && length >= 0) {
            // It is a successor's: the kernel asks it again.
            askAgain();
            return -Errno.ENODEV;
        }
        return length;
    }

    /**
     * Has the kernel ask again what was asked and not answered, of whoever reads next.
     *
     * @return a negative error number if it cannot: before Linux 6.9, or once this is closed
     */
    synchronized long askAgain() {
        if (closed) {
            // The number may be another file's by now.
            return -Errno.ENODEV;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment notice = arena.allocate(NOTICE, Long.BYTES);
            notice.set(JAVA_INT, 0, (int) NOTICE);
            notice.set(JAVA_INT, Integer.BYTES, RESEND);
            return Native.write(descriptor, notice, NOTICE, Native.state(arena));
        }
    }

    /** Closes the descriptor; called when no thread takes or answers requests any more. */
    synchronized void close() {
        closed = true;
        Native.close(descriptor);
    }

    @Override
    public long send(MemorySegment message, long length, MemorySegment state) {
        return silent ? 0 : Native.write(descriptor, message, length, state);
    }
}
