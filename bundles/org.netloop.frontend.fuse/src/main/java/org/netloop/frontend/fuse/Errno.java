package org.netloop.frontend.fuse;

import org.netloop.api.volume.VolumeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import ru.serce.jnrfuse.ErrorCodes;

/**
 * The error numbers that failures become for whoever reads a file: the one table of this bundle.
 */
final class Errno {
    private static final Logger LOG = LoggerFactory.getLogger(Errno.class);

    private Errno() {}

    /**
     * A positive errno; what should not happen is also logged, as nothing else tells of it.
     *
     * @param what was asked for
     */
    static int of(String what, Throwable failure) {
        return switch (failure) {
            case InterruptedException _ -> ErrorCodes.EINTR();
            case VolumeException e -> {
                LOG.debug("{}: {}", what, e.getMessage());
                yield of(e);
            }
            default -> {
                LOG.error("{} failed in a way it should not", what, failure);
                yield ErrorCodes.EIO();
            }
        };
    }

    private static int of(VolumeException failure) {
        return switch (failure) {
            case VolumeException.Io _ -> ErrorCodes.EIO();
            case VolumeException.ReadOnly _ -> ErrorCodes.EROFS();
            case VolumeException.NoSpace _ -> ErrorCodes.ENOSPC();
        };
    }
}
