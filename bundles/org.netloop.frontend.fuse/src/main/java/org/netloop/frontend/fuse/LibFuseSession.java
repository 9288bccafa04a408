package org.netloop.frontend.fuse;

import jnr.ffi.Pointer;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.types.size_t;

import org.jspecify.annotations.Nullable;

import ru.serce.jnrfuse.struct.FuseOperations;

/**
 * The functions of libfuse 2.9 that its own main function and session loop are made of (fuse.h,
 * fuse_lowlevel.h). Public because jnr-ffi implements it in a package of its own. Thread-safe, but
 * for {@link #fuse_setup} and {@link #fuse_teardown}, which each run once.
 */
public interface LibFuseSession {

    /** Mounts; null if it cannot, after libfuse wrote why to standard error. */
    @Nullable Pointer fuse_setup(
            int argc,
            @In String[] argv,
            FuseOperations operations,
            @size_t long operationsSize,
            @Out Pointer mountPoint,
            @Out Pointer multithreaded,
            @Nullable Pointer userData);

    /** The session of what was set up. */
    Pointer fuse_get_session(Pointer fuse);

    /** The first channel of a session, if {@code after} is null. */
    Pointer fuse_session_next_chan(Pointer session, @Nullable Pointer after);

    /** The length of a buffer that takes any request, in bytes. */
    @size_t
    long fuse_chan_bufsize(Pointer channel);

    /**
     * Waits for a request.
     *
     * @param channel the address of a pointer to the channel
     * @return the request's length; 0 once it is unmounted; a negative errno on failure
     */
    int fuse_chan_recv(Pointer channel, Pointer buffer, @size_t long size);

    /** Answers a request by the operations that were set up. */
    void fuse_session_process(
            Pointer session, Pointer request, @size_t long length, Pointer channel);

    /** Sends an answer, given as an array of iovec; returns 0 or a negative errno. */
    int fuse_chan_send(Pointer channel, Pointer parts, @size_t long count);

    /** Unmounts if need be, and frees what was set up. */
    void fuse_teardown(Pointer fuse, @Nullable Pointer mountPoint);
}
