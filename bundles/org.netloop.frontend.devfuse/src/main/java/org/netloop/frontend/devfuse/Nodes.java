package org.netloop.frontend.devfuse;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/**
 * The entries of one mounted directory. Looking one up takes no lock and no memory: all are in an
 * array that a change replaces. Thread-safe.
 */
final class Nodes {
    /** The directory itself. */
    static final Node TOP = new Node.Top();

    /**
     * One entry.
     *
     * @param order its place in listings: greater than that of all before it
     */
    record Entry(Node node, long order) {}

    private volatile Entry[] all = {};
    private long added = 2;

    /** Time until which entries of a former process may still come, by {@link System#nanoTime}. */
    private volatile long awaited;

    private volatile boolean awaiting;

    /** Waits for entries that are not there yet, for so long from now on. */
    void await(Duration time) {
        awaited = System.nanoTime() + time.toNanos();
        awaiting = true;
    }

    /** Returns whether an entry that is not there may still come. */
    boolean isAwaiting() {
        if (awaiting && System.nanoTime() - awaited > 0) {
            awaiting = false;
        }
        return awaiting;
    }

    /** Adds an entry; false if its name or number is taken. */
    synchronized boolean add(Node node) {
        if (byName(node.name()) != null || byId(node.id()) != null) {
            return false;
        }
        List<Entry> more = new ArrayList<>(List.of(all));
        more.add(new Entry(node, ++added));
        all = more.toArray(Entry[]::new);
        notifyAll();
        return true;
    }

    /** Removes an entry and returns it; null if there is none of this name. */
    synchronized @Nullable Node remove(String name) {
        Node node = byName(name);
        if (node != null) {
            List<Entry> fewer = new ArrayList<>(List.of(all));
            fewer.removeIf(entry -> entry.node() == node);
            all = fewer.toArray(Entry[]::new);
        }
        return node;
    }

    /** Returns an entry, or the directory, by number; null if there is none. */
    @Nullable Node byId(long id) {
        if (id == Node.ROOT) {
            return TOP;
        }
        for (Entry entry : all) {
            if (entry.node().id() == id) {
                return entry.node();
            }
        }
        return null;
    }

    /** Returns an entry by name; null if there is none. */
    @Nullable Node byName(String name) {
        for (Entry entry : all) {
            if (entry.node().name().equals(name)) {
                return entry.node();
            }
        }
        return null;
    }

    /** Waits until an entry is found, or none can come any more. */
    synchronized void awaitUntil(Supplier<@Nullable Node> found) throws InterruptedException {
        while (isAwaiting() && found.get() == null) {
            long left = (awaited - System.nanoTime()) / 1_000_000;
            wait(Math.max(1, left));
        }
    }

    /** Returns the entries of a listing that come after a place in it. */
    List<Entry> after(long order) {
        return List.of(all).stream().filter(entry -> entry.order() > order).toList();
    }

    int count() {
        return all.length;
    }

    /** Returns whether there are no entries but those of these names. */
    boolean hasOnly(Collection<String> names) {
        return List.of(all).stream().allMatch(entry -> names.contains(entry.node().name()));
    }
}
