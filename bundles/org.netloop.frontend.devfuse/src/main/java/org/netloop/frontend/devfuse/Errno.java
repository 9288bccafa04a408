package org.netloop.frontend.devfuse;

import org.netloop.api.volume.VolumeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Error numbers of Linux, as positive numbers, and what failures become for a reader. Stateless.
 */
final class Errno {
    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int EINTR = 4;
    static final int EIO = 5;
    static final int ENXIO = 6;
    static final int EAGAIN = 11;
    static final int EBUSY = 16;
    static final int ENODEV = 19;
    static final int EISDIR = 21;
    static final int EINVAL = 22;
    static final int EFBIG = 27;
    static final int ENOSPC = 28;
    static final int EROFS = 30;
    static final int ENOSYS = 38;
    static final int EPROTO = 71;
    static final int EOPNOTSUPP = 95;
    static final int ECONNABORTED = 103;
    static final int ENOTCONN = 107;

    private static final Logger LOG = LoggerFactory.getLogger(Errno.class);

    private Errno() {}

    /**
     * Returns the error number for a failure; one that should not happen is also logged, as nothing
     * else tells of it.
     *
     * @param what was asked for
     */
    static int of(String what, Throwable failure) {
        return switch (failure) {
            case InterruptedException _ -> EINTR;
            case VolumeException e -> {
                LOG.debug("{}: {}", what, e.getMessage());
                yield of(e);
            }
            default -> {
                LOG.error("{} failed in a way it should not", what, failure);
                yield EIO;
            }
        };
    }

    private static int of(VolumeException failure) {
        return switch (failure) {
            case VolumeException.Io _ -> EIO;
            case VolumeException.ReadOnly _ -> EROFS;
            case VolumeException.NoSpace _ -> ENOSPC;
        };
    }
}
