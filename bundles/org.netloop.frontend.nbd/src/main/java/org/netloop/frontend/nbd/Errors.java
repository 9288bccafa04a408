package org.netloop.frontend.nbd;

import org.netloop.api.volume.VolumeException;

/** Maps each failure of a volume to an error of the protocol. */
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
