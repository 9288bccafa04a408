package org.netloop.cache.memory;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Memory outside of the heap, in slabs that are cut into slots of one size class each. A slab whose
 * slots are all free may be cut anew for another class; memory is taken from the system as it is
 * first needed, and kept. Thread-safe; the lock is held for a few instructions only.
 */
final class Slots {
    private static final int LARGEST_SLAB = 1 << 20;
    private static final int SMALLEST_SLAB = 64 << 10;

    /** Enough for each class that blocks of mixed sizes come in to have some slabs. */
    private static final int SLABS = 128;

    private static final int SMALLEST = 1 << 10;

    /** Four classes for each doubling: at most a fifth of a slot is lost. */
    private static final int STEPS = 4;

    /** A piece of a slab. */
    static final class Slot {
        private final Slab slab;
        private final ByteBuffer memory;
        private @Nullable Digest holder;

        private Slot(Slab slab, ByteBuffer memory) {
            this.slab = slab;
            this.memory = memory;
        }

        /** All of it, from 0 to its capacity; shared by whoever asks. */
        ByteBuffer memory() {
            return memory;
        }
    }

    private static final class Slab {
        private final ByteBuffer memory;
        private final Deque<Slot> free = new ArrayDeque<>();
        private final List<Slot> slots = new ArrayList<>();
        private int slotSize;

        /** Set once the slab has to be freed as soon as it is idle: no more of it is handed out. */
        private boolean condemned;

        private Slab(int size) {
            memory = ByteBuffer.allocateDirect(size);
        }

        private void cut(int size) {
            slotSize = size;
            slots.clear();
            free.clear();
            for (int at = 0; at <= memory.capacity() - size; at += size) {
                slots.add(new Slot(this, memory.slice(at, size)));
            }
            free.addAll(slots);
        }

        private boolean idle() {
            return free.size() == slots.size();
        }

        private void addHolders(Collection<Digest> holders) {
            for (Slot slot : slots) {
                if (slot.holder != null) {
                    holders.add(slot.holder);
                }
            }
        }
    }

    private final List<Slab> slabs = new ArrayList<>();
    private long budget;
    private long taken;

    Slots(long budget) {
        this.budget = budget;
    }

    /** The keys whose slots have to be given back for the new budget to be kept. */
    synchronized Set<Digest> budget(long bytes) {
        budget = bytes;
        slabs.forEach(slab -> slab.condemned = false);
        dropIdle(budget);
        slabs.sort(Comparator.comparingInt(slab -> slab.free.size()));
        Set<Digest> holders = new HashSet<>();
        long left = taken;
        for (int i = slabs.size() - 1; i >= 0 && left > budget; i--) {
            Slab slab = slabs.get(i);
            slab.condemned = true;
            slab.addHolders(holders);
            left -= slab.memory.capacity();
        }
        return holders;
    }

    /** The keys that fill the slabs of those slots, as many slabs as that length needs. */
    synchronized Set<Digest> neighbours(List<Slot> slots, int length) {
        Set<Slab> cleared = new HashSet<>();
        Set<Digest> holders = new HashSet<>();
        long room = 0;
        for (int i = 0; i < slots.size() && room < slotSize(length); i++) {
            Slab slab = slots.get(i).slab;
            if (cleared.add(slab)) {
                slab.addHolders(holders);
                room += slab.memory.capacity();
            }
        }
        return holders;
    }

    /** Returns the bytes of memory taken from the system. */
    synchronized long taken() {
        return taken;
    }

    /** Slabs that are too small for what is needed now make place for one that is not. */
    private void dropIdle(long target) {
        for (int i = slabs.size() - 1; i >= 0 && taken > target; i--) {
            if (slabs.get(i).idle()) {
                taken -= slabs.remove(i).memory.capacity();
            }
        }
    }

    /** The size of the slot that bytes of that length get. */
    static int slotSize(int length) {
        int least = Math.max(SMALLEST, length);
        int power = Integer.highestOneBit(least);
        int step = power / STEPS;
        return (least + step - 1) / step * step;
    }

    /** A slot for so many bytes of that key; null if there is no room. */
    synchronized @Nullable Slot take(Digest key, int length) {
        Slot slot = find(slotSize(length));
        if (slot != null) {
            slot.holder = key;
        }
        return slot;
    }

    private @Nullable Slot find(int size) {
        Slab idle = null;
        for (Slab slab : slabs) {
            if (slab.condemned) {
                continue;
            }
            if (slab.slotSize == size && !slab.free.isEmpty()) {
                return slab.free.poll();
            }
            if (slab.idle() && slab.memory.capacity() >= size) {
                idle = slab;
            }
        }
        Slab fresh = idle == null ? grow(size) : idle;
        if (fresh == null) {
            return null;
        }
        fresh.cut(size);
        return fresh.free.poll();
    }

    private @Nullable Slab grow(int size) {
        int wanted = (int) Math.max(size, Math.min(slabSize(), budget - taken));
        dropIdle(budget - wanted);
        if (taken + wanted > budget) {
            return null;
        }
        Slab slab = new Slab(wanted);
        slabs.add(slab);
        taken += wanted;
        return slab;
    }

    private long slabSize() {
        return Math.clamp(budget / SLABS, SMALLEST_SLAB, LARGEST_SLAB);
    }

    synchronized void give(Slot slot) {
        slot.holder = null;
        slot.slab.free.push(slot);
        if (taken > budget && slot.slab.idle()) {
            slabs.remove(slot.slab);
            taken -= slot.slab.memory.capacity();
        }
    }
}
