package org.netloop.engine.fetch;

import org.jspecify.annotations.Nullable;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.transport.FetchRequest;
import org.netloop.engine.fetch.Ballot.Vote;
import org.netloop.engine.lease.BackendException;
import org.netloop.engine.lease.Trail;
import org.netloop.engine.retry.Deadline;
import org.netloop.engine.retry.RetryPolicy;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Reads what no digest vouches for and that decides which image is read. Speed does not count:
 * neither the order of a mirror policy nor hedging applies. Of one or two mirrors the first one in
 * the order of the configuration that answers is taken; three and more are asked at a time, and a
 * {@link Ballot} decides. Mirrors beyond those that the policy keeps to neither answer nor vote
 * while these have it. Thread-safe.
 */
public final class Roots {
    private static final int LEAST_FOR_A_BALLOT = 3;

    private final MirrorSet mirrors;
    private final Fetcher fetcher;
    private final RootMemory memory;
    private final Duration mostAge;

    /**
     * Creates the roots of these mirrors.
     *
     * @param memory what mirrors sent before, also to others
     * @param mostAge an answer of a mirror that is younger counts without asking it again; zero:
     *     each is asked
     */
    public Roots(MirrorSet mirrors, Fetcher fetcher, RootMemory memory, Duration mostAge) {
        this.mirrors = mirrors;
        this.fetcher = fetcher;
        this.memory = memory;
        this.mostAge = mostAge;
    }

    /** Returns the number of mirrors that may be asked. */
    public int mirrors() {
        return mirrors.all().size();
    }

    /**
     * A root that was taken.
     *
     * @param bytes read-only
     * @param from the mirror's URI of it
     * @param sequence as its judge read it
     */
    public record Root(ByteBuffer bytes, URI from, long sequence) {}

    /** Looks at what a mirror sent. Called by many threads at once. */
    @FunctionalInterface
    public interface Judge {
        /**
         * The sequence of a root; negative if it has none.
         *
         * @throws FetchException if it is not to be taken
         */
        long sequence(ByteBuffer root, URI from)
                throws FetchException, BackendException, InterruptedException;
    }

    /**
     * A root that is already here, if the judge takes it.
     *
     * @param from says, in messages, where it is from
     */
    public static Root judged(ByteBuffer bytes, URI from, Judge judge)
            throws FetchException, InterruptedException {
        try {
            return new Root(bytes, from, judge.sequence(bytes.duplicate(), from));
        } catch (BackendException e) {
            throw new FetchException.Unavailable(from + ": " + e.getMessage(), e);
        }
    }

    private record Question(String path, int room, Judge judge, Deadline deadline) {
        Wanted wanted() {
            return new Wanted(path, 0, FetchRequest.TO_END, FetchPurpose.DEMAND);
        }
    }

    /** Result of one question to one mirror. */
    private record Answer(int place, @Nullable Vote vote, @Nullable Throwable failure) {}

    /**
     * Reads a root.
     *
     * @param room how many bytes it may have at the most
     * @throws FetchException when no mirror gave one by the deadline; the message tells what each
     *     said
     */
    public Root read(String path, int room, Judge judge, Deadline deadline)
            throws FetchException, InterruptedException {
        Question question = new Question(path, room, judge, deadline);
        Attempts attempts = new Attempts();
        for (int round = 0; ; round++) {
            Vote taken = taken(fetcher.inTurn(question.wanted()), question, attempts);
            if (taken != null) {
                return new Root(taken.bytes(), taken.from(), taken.sequence());
            }
            if (!attempts.worthRepeating(round + 1, Persistence.UNTIL_DEADLINE)
                    || !Retry.pause(round, deadline)) {
                throw attempts.conclusion(path, mirrors.all().size(), Persistence.UNTIL_DEADLINE);
            }
        }
    }

    private @Nullable Vote taken(Tiers tiers, Question question, Attempts attempts)
            throws InterruptedException {
        if (tiers.far().isEmpty()) {
            return taken(tiers.near(), mirrors.all().size(), question, attempts);
        }
        Vote near = taken(tiers.near(), tiers.near().size(), question, attempts);
        return near == null && attempts.isAnswered()
                ? taken(tiers.far(), tiers.far().size(), question, attempts)
                : near;
    }

    private @Nullable Vote taken(
            List<Mirror> order, int voters, Question question, Attempts attempts)
            throws InterruptedException {
        return order.size() < LEAST_FOR_A_BALLOT
                ? inTurn(order, question, attempts)
                : byBallot(order, voters, question, attempts);
    }

    private @Nullable Vote inTurn(List<Mirror> order, Question question, Attempts attempts)
            throws InterruptedException {
        for (int place = 0; place < order.size(); place++) {
            Answer answer = ask(place, order.get(place), question);
            if (answer.vote() != null) {
                return answer.vote();
            }
            note(order, answer, attempts);
        }
        return null;
    }

    private @Nullable Vote byBallot(
            List<Mirror> order, int voters, Question question, Attempts attempts)
            throws InterruptedException {
        Ballot ballot = new Ballot(order.size(), voters);
        BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
        List<Thread> asking = new ArrayList<>();
        try {
            for (int i = 0; i < order.size(); i++) {
                int place = i;
                asking.add(start(place, order.get(place), question, answers));
            }
            Deadline settled = null;
            for (int left = order.size(); left > 0 && ballot.isOpen(); left--) {
                if (ballot.elected() != null && settled == null) {
                    settled = Deadline.in(RetryPolicy.SETTLING);
                }
                Answer answer = settled == null ? answers.take() : next(answers, settled);
                if (answer == null) {
                    break;
                }
                ballot.put(answer.place(), answer.vote());
                note(order, answer, attempts);
            }
            return ballot.elected();
        } finally {
            asking.forEach(Thread::interrupt);
        }
    }

    private static @Nullable Answer next(BlockingQueue<Answer> answers, Deadline by)
            throws InterruptedException {
        return answers.poll(by.left().toNanos(), TimeUnit.NANOSECONDS);
    }

    private Thread start(
            int place, Mirror mirror, Question question, BlockingQueue<Answer> answers) {
        return Thread.ofVirtual()
                .name("root-" + mirror.base().getHost())
                .start(
                        Trail.along(
                                () -> {
                                    try {
                                        answers.add(ask(place, mirror, question));
                                    } catch (InterruptedException e) {
                                        // Nobody waits for it any more.
                                        Thread.currentThread().interrupt();
                                    } catch (RuntimeException | Error e) {
                                        // Thrown again by the thread that waits for it.
                                        answers.add(new Answer(place, null, e));
                                    }
                                }));
    }

    private Answer ask(int place, Mirror mirror, Question question) throws InterruptedException {
        URI from = mirror.uri(question.path());
        boolean may = mostAge.isPositive();
        try (RootMemory.Turn _ = may ? memory.turn(from, question.deadline()) : null) {
            ByteBuffer young = memory.notOlder(from, mostAge);
            return young == null || young.remaining() > question.room()
                    ? fetched(place, mirror, question)
                    : new Answer(place, vote(young, from, question), null);
        } catch (FetchException | BackendException e) {
            return new Answer(place, null, e);
        }
    }

    private static Vote vote(ByteBuffer root, URI from, Question question)
            throws FetchException, BackendException, InterruptedException {
        return new Vote(root, from, question.judge().sequence(root.duplicate(), from));
    }

    /** Has a mirror send its root, unless it says that it has the one that is here. */
    private Answer fetched(int place, Mirror mirror, Question question)
            throws BackendException, InterruptedException {
        ByteBuffer into = ByteBuffer.allocate(question.room());
        RootMemory.Kept kept = memory.kept(mirror.uri(question.path()));
        Wanted wanted = question.wanted();
        Vote[] vote = {null};
        Check check =
                (bytes, from, object) -> {
                    if (object.isUnchanged() && kept != null) {
                        memory.confirmed(from);
                        vote[0] = vote(kept.bytes(), from, question);
                        return;
                    }
                    ByteBuffer root = bytes.slice().asReadOnlyBuffer();
                    vote[0] = vote(root, from, question);
                    memory.sent(from, root, object.validator());
                };
        FetchException failure =
                fetcher.ask(
                        mirror,
                        kept == null ? wanted : wanted.unless(kept.validator()),
                        into,
                        check,
                        question.deadline());
        return new Answer(place, failure == null ? vote[0] : null, failure);
    }

    private static void note(List<Mirror> order, Answer answer, Attempts attempts) {
        switch (answer.failure()) {
            case FetchException e -> attempts.add(order.get(answer.place()), e);
            case BackendException e -> attempts.add(e);
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case null, default -> {}
        }
    }
}
