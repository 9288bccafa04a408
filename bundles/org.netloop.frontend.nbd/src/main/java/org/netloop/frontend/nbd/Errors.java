package org.netloop.frontend.nbd;

import org.netloop.api.volume.VolumeException;

/** What a client is told for each failure of a volume. */
final class Errors {
    private Errors() {}

    /** The protocol's number. */
    static int number(VolumeException failure) {
        return switch (failure) {
            case VolumeException.Io _ -> Nbd.EIO;
            case VolumeException.ReadOnly _ -> Nbd.EPERM;
            case VolumeException.NoSpace _ -> Nbd.ENOSPC;
        };
    }
}
