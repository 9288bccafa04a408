package org.netloop.cache.memory;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/** A block in its slot, which goes back when it was evicted and the last reader has left. */
final class Entry {
    private static final int EVICTED = Integer.MIN_VALUE;

    private final Slots slots;
    private final Slots.Slot slot;
    private final ByteBuffer view;
    private final int length;

    /** Readers now inside; negative once it is evicted, and then no new one may enter. */
    private final AtomicInteger readers = new AtomicInteger();

    Entry(Slots slots, Slots.Slot slot, ByteBuffer bytes) {
        this.slots = slots;
        this.slot = slot;
        this.length = bytes.remaining();
        slot.memory().duplicate().put(bytes);
        this.view = slot.memory().slice(0, length).asReadOnlyBuffer();
    }

    /** Returns the share of the budget it uses, in bytes. */
    int weight() {
        return Slots.slotSize(length);
    }

    Slots.Slot slot() {
        return slot;
    }

    boolean enter() {
        for (; ; ) {
            int now = readers.get();
            if (now < 0) {
                return false;
            }
            if (readers.compareAndSet(now, now + 1)) {
                return true;
            }
        }
    }

    void leave() {
        if (readers.decrementAndGet() == EVICTED) {
            slots.give(slot);
        }
    }

    void evict() {
        int before = readers.getAndUpdate(now -> now | EVICTED);
        if (before == 0) {
            slots.give(slot);
        }
    }

    ByteBuffer view() {
        return view.duplicate();
    }
}
