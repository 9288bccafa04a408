package org.netloop.frontend.devfuse;

import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Memory of answers that were waited for, kept for the next ones: 4 MiB over all mounts. What is
 * not kept is freed at once, as the collector does not know how much an answer holds. Thread-safe.
 */
final class Replies {
    private static final int SMALL = 128 << 10;
    private static final int MOST_KEPT = 4 << 20;

    // All guarded by the monitor.
    private final Deque<Room> small = new ArrayDeque<>();
    private final Deque<Room> large = new ArrayDeque<>();
    private int kept;

    /** An answer and the arena that it is in. */
    record Room(Arena arena, Reply reply) {
        /** Allocates an answer in an arena of its own, which is closed when it is not kept. */
        @SuppressWarnings("MustBeClosedChecker")
        private static Room of(int most) {
            Arena arena = Arena.ofShared();
            return new Room(arena, new Reply(arena, most));
        }
    }

    private Deque<Room> like(int most) {
        return most <= SMALL ? small : large;
    }

    /** Returns room for an answer of so many bytes, at most {@link Negotiation#MOST}. */
    Room take(int length) {
        synchronized (this) {
            Room room = like(length).poll();
            if (room != null) {
                kept -= room.reply().most();
                return room;
            }
        }
        return Room.of(length <= SMALL ? SMALL : Negotiation.MOST);
    }

    /** Takes room back that nobody uses any more. */
    void give(Room room) {
        int most = room.reply().most();
        synchronized (this) {
            if (kept + most <= MOST_KEPT) {
                kept += most;
                like(most).push(room);
                return;
            }
        }
        room.arena().close();
    }

    /** Returns the bytes that are kept. */
    synchronized int kept() {
        return kept;
    }
}
