package org.netloop.frontend.nbd;

import org.netloop.api.block.Extent;
import org.netloop.api.volume.BlockState;
import org.netloop.api.volume.Volume;
import org.netloop.api.volume.VolumeException;

import java.nio.ByteBuffer;

/** States of ranges of a volume, as the contexts that a client selected see them. Thread-safe. */
record BlockStates(Volume volume, Replies replies) {
    /** Most runs of a volume that are looked at for one request: a range may have 64 bits. */
    private static final int MOST_LOOKS = 16 << 10;

    /** A range that is alike, up to its end. */
    private record Known(long end, int state) {}

    /**
     * Collects extents, ready to be sent; adjacent ones differ in state, unless there were too many
     * to be looked at.
     *
     * @param most most extents
     */
    ByteBuffer of(MetaContext context, long offset, long end, int most)
            throws VolumeException, InterruptedException {
        ByteBuffer extents = ByteBuffer.allocate(most * replies.extentLength());
        long from = offset;
        Known run = look(context, offset, end);
        int looks = 1;
        for (int count = 1; ; count++) {
            long next = run.end();
            boolean same = true;
            Known more = run;
            while (same && next < end && looks < MOST_LOOKS) {
                looks++;
                more = look(context, next, end);
                same = more.state() == run.state();
                next = same ? more.end() : next;
            }
            replies.extent(extents, next - from, run.state());
            if (same || count == most) {
                return extents.flip();
            }
            from = next;
            run = more;
        }
    }

    private Known look(MetaContext context, long at, long end)
            throws VolumeException, InterruptedException {
        return switch (context) {
            case ALLOCATION -> {
                Extent extent = volume.extent(at, end - at);
                int state = extent.hole() ? Nbd.STATE_HOLE | Nbd.STATE_ZERO : 0;
                yield new Known(extent.end(), state);
            }
            case OVERLAY -> {
                BlockState state = volume.state(at);
                boolean overlaid = state.place() == BlockState.Place.OVERLAID;
                yield new Known(Math.min(state.end(), end), overlaid ? Nbd.STATE_OVERLAID : 0);
            }
        };
    }
}
