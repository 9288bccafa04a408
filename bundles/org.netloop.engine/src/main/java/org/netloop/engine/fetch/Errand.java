package org.netloop.engine.fetch;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.transport.FetchException;
import org.netloop.engine.lease.BackendException;
import org.netloop.engine.retry.Deadline;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/**
 * Order to fetch: the object, its destination, the check it must pass, and the deadline. {@link
 * Stage}s hand it on, as it is or as a changed copy. Used once, by one thread at a time.
 */
public final class Errand {
    private final String name;
    private final Wanted wanted;
    private final ByteBuffer into;
    private final Check check;
    private final Deadline deadline;
    private Attempts attempts = new Attempts();
    private @Nullable Cached cached;
    private @Nullable Rebuilt rebuilt;
    private @Nullable Digest shared;
    private Supplier<UnderWay> watch = () -> UnderWay.UNSEEN;
    private List<Part> parts = List.of();
    private boolean inTurn;
    private Persistence persistence = Persistence.UNTIL_DEADLINE;
    private Deque<Mirror> mirrors = new ArrayDeque<>();

    /**
     * @param name what messages call it
     * @param wanted what is fetched
     * @param into where it belongs, from its position on, with room for all of it
     * @param check what it has to pass
     * @param deadline when it is given up
     */
    public Errand(String name, Wanted wanted, ByteBuffer into, Check check, Deadline deadline) {
        this.name = name;
        this.wanted = wanted;
        this.into = into;
        this.check = check;
        this.deadline = deadline;
    }

    private Errand copy(ByteBuffer buffer, Check checked) {
        return copy(wanted, buffer, checked);
    }

    private Errand copy(Wanted other, ByteBuffer buffer, Check checked) {
        Errand copy = new Errand(name, other, buffer, checked, deadline);
        copy.attempts = attempts;
        copy.cached = cached;
        copy.rebuilt = rebuilt;
        copy.shared = shared;
        copy.watch = watch;
        copy.parts = parts;
        copy.inTurn = inTurn;
        copy.persistence = persistence;
        copy.mirrors = mirrors;
        return copy;
    }

    /**
     * Permission for the cache of stored blocks to answer.
     *
     * @param key what it goes by there
     * @param taker accepts the bytes as {@link Check} does; {@link FetchException.Corrupt} if they
     *     are damaged
     */
    public record Cached(Digest key, Taker taker) {}

    /**
     * Permission to bring the plain bytes of a block without its stored ones.
     *
     * @param block the block
     * @param plain where its plain bytes belong, from the position on; moved on if they came
     */
    public record Rebuilt(Block block, ByteBuffer plain) {}

    /** Takes bytes that are there. */
    @FunctionalInterface
    public interface Taker {
        /**
         * Takes bytes, or refuses them by throwing.
         *
         * @param bytes from the position to the limit, valid until it returns
         */
        void take(ByteBuffer bytes) throws FetchException, BackendException, InterruptedException;
    }

    /**
     * A part of what came that is taken by itself, whatever becomes of the others.
     *
     * @param name what messages call it
     * @param at where it begins in what came
     * @param length how many bytes it has
     * @param taker called by a thread of its own
     */
    public record Part(String name, int at, int length, Taker taker) {}

    /** Returns this errand with an object that the cache of stored blocks may contain. */
    public Errand cachedAs(Cached where) {
        Errand copy = copy(into, check);
        copy.cached = where;
        return copy;
    }

    /** Returns this errand for a block that may be rebuilt instead of fetched. */
    public Errand rebuiltAs(Rebuilt where) {
        Errand copy = copy(into, check);
        copy.rebuilt = where;
        return copy;
    }

    /**
     * Returns this errand for bytes that the cache which machines share may bring, and is given if
     * a mirror does.
     *
     * @param digest of all that is wanted; one that the errand's check compares them with
     */
    public Errand sharedAs(Digest digest) {
        Errand copy = copy(into, check);
        copy.shared = digest;
        return copy;
    }

    /**
     * Returns this errand, watched from the moment it goes to the mirrors.
     *
     * @param begins called when it goes there
     */
    public Errand watchedBy(Supplier<UnderWay> begins) {
        Errand copy = copy(into, check);
        copy.watch = begins;
        return copy;
    }

    /** Returns this errand for several adjacent blocks. */
    public Errand of(List<Part> several) {
        Errand copy = copy(into, check);
        copy.parts = List.copyOf(several);
        return copy;
    }

    /**
     * Returns this errand for a document that no digest verifies and that decides what is read:
     * mirrors are asked in the configured order, and never because another one is late.
     */
    public Errand inTurn() {
        Errand copy = copy(into, check);
        copy.inTurn = true;
        return copy;
    }

    /** Returns this errand for what may well be nowhere. */
    public Errand asking(Persistence howLong) {
        Errand copy = copy(into, check);
        copy.persistence = howLong;
        return copy;
    }

    /** Returns this errand for the first of those mirrors; a stage removes the mirrors it asks. */
    Errand at(Deque<Mirror> candidates) {
        Errand copy = copy(into, check);
        copy.mirrors = candidates;
        return copy;
    }

    /** Returns this errand for more than what is wanted, with a buffer and a check of its own. */
    Errand widened(Wanted more, ByteBuffer buffer, Check checked) {
        return copy(more, buffer, checked);
    }

    /** Returns this errand at one mirror, with a buffer and a check of its own. */
    Errand at(Mirror mirror, ByteBuffer buffer, Check checked) {
        Errand copy = copy(buffer, checked);
        copy.mirrors = new ArrayDeque<>(List.of(mirror));
        return copy;
    }

    /** Returns the name used in messages. */
    public String name() {
        return name;
    }

    /** Returns the object or range to fetch. */
    public Wanted wanted() {
        return wanted;
    }

    /** Returns the destination. */
    public ByteBuffer into() {
        return into;
    }

    /** Returns the check to pass. */
    public Check check() {
        return check;
    }

    /** Returns the deadline. */
    public Deadline deadline() {
        return deadline;
    }

    /** Returns what the cache of stored blocks may contain; null if it never contains this. */
    public @Nullable Cached cachedOrNull() {
        return cached;
    }

    /** Returns the block that may be rebuilt; null if it has to be fetched. */
    public @Nullable Rebuilt rebuiltOrNull() {
        return rebuilt;
    }

    /** Returns the digest it goes by among machines; null if they do not share it. */
    public @Nullable Digest sharedOrNull() {
        return shared;
    }

    /** Reports that it goes to the mirrors now. */
    public UnderWay begins() {
        return watch.get();
    }

    /** Returns its parts; empty if it is a whole. */
    public Collection<Part> parts() {
        return parts;
    }

    /** Returns the outcomes at the mirrors that were asked. */
    Attempts attempts() {
        return attempts;
    }

    /** Returns whether mirrors are asked in the configured order, one after the other. */
    boolean isInTurn() {
        return inTurn;
    }

    /** Returns the limit to how long mirrors that did not answer are asked again. */
    Persistence persistence() {
        return persistence;
    }

    /** Returns the mirrors that may be asked, best first. */
    Deque<Mirror> mirrors() {
        return mirrors;
    }
}
