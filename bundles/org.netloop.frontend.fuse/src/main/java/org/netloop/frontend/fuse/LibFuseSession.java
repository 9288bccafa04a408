package org.netloop.frontend.fuse;

import jnr.ffi.Pointer;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.types.size_t;

import org.jspecify.annotations.Nullable;

import ru.serce.jnrfuse.struct.FuseOperations;

/**
 * What libfuse's own main function is made of (fuse.h of libfuse 2.9). Public as jnr-ffi implements
 * it in a package of its own.
 */
public interface LibFuseSession {

    /** Mounts; null if it cannot, which it has told on standard error. */
    @Nullable Pointer fuse_setup(
            int argc,
            @In String[] argv,
            FuseOperations operations,
            @size_t long operationsSize,
            @Out Pointer mountPoint,
            @Out Pointer multithreaded,
            @Nullable Pointer userData);

    /** Answers requests until it is unmounted. */
    int fuse_loop(Pointer fuse);

    /** Unmounts if need be, and frees what was set up. */
    void fuse_teardown(Pointer fuse, @Nullable Pointer mountPoint);
}
