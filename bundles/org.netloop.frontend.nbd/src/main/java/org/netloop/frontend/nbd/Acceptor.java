package org.netloop.frontend.nbd;

import org.netloop.api.message.Failures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Takes clients at one place until it is closed. What keeps it from taking one (too many open
 * files, too many threads) passes: it waits, longer each time, and goes on. Used by one thread.
 */
final class Acceptor implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final String place;
    private final Door door;
    private final Consumer<SocketChannel> admit;
    private final Runnable makeRoom;
    private final Pause pause;

    /** Place where clients connect. */
    @FunctionalInterface
    interface Door {
        /** Waits for one; throws {@link ClosedChannelException} once it is closed. */
        SocketChannel accept() throws IOException;
    }

    /** Waits for a given time. */
    @FunctionalInterface
    interface Pause {
        /** Returns after that time. */
        void of(Duration time) throws InterruptedException;
    }

    /**
     * @param place names it in messages
     * @param admit takes over a client
     * @param makeRoom is called when the system lacks something for one more client
     */
    Acceptor(
            String place,
            Door door,
            Consumer<SocketChannel> admit,
            Runnable makeRoom,
            Pause pause) {
        this.place = place;
        this.door = door;
        this.admit = admit;
        this.makeRoom = makeRoom;
        this.pause = pause;
    }

    @Override
    public void run() {
        int failures = 0;
        try {
            while (true) {
                try {
                    admit.accept(door.accept());
                    if (failures > 0) {
                        LOG.info("{} takes clients again", place);
                    }
                    failures = 0;
                } catch (ClosedChannelException _) {
                    return;
                } catch (IOException | RuntimeException | OutOfMemoryError e) {
                    if (failures == 0) {
                        LOG.warn(
                                "{} cannot take a client for now: {}", place, Failures.sentence(e));
                    }
                    failures++;
                    makeRoom.run();
                    pause.of(pauseAfter(failures));
                }
            }
        } catch (InterruptedException _) {
            LOG.debug("{} takes no more clients", place);
        }
    }

    /** Twice as long after each failure, up to a second. */
    private static Duration pauseAfter(int failures) {
        Duration pause = FIRST_PAUSE;
        for (int i = 1; i < failures && pause.compareTo(LONGEST_PAUSE) < 0; i++) {
            pause = pause.multipliedBy(2);
        }
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }
}
