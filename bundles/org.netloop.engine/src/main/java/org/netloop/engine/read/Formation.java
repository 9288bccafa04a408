package org.netloop.engine.read;

import org.netloop.api.transport.FetchException;
import org.netloop.engine.fetch.Errand;
import org.netloop.engine.fetch.Stage;
import org.netloop.engine.lease.BackendException;
import org.netloop.engine.lease.Trail;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Has several blocks fetched by one request, and gives each its part of what came, on a thread of
 * its own. A part that does not pass fails no other one: whoever sent the errand fetches it by
 * itself. An errand for one block is handed on as it is. Thread-safe.
 */
final class Formation implements Stage {
    private static final Logger LOG = LoggerFactory.getLogger(Formation.class);

    private final Stage next;

    Formation(Stage next) {
        this.next = next;
    }

    @Override
    public void fetch(Errand errand) throws FetchException, BackendException, InterruptedException {
        int start = errand.into().position();
        next.fetch(errand);
        if (!errand.parts().isEmpty()) {
            giveParts(errand, start);
        }
    }

    /** Gives each part its bytes; memory for all was taken before, so none waits for it here. */
    private static void giveParts(Errand errand, int start) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Errand.Part part : errand.parts()) {
                ByteBuffer bytes = errand.into().slice(start + part.at(), part.length());
                threads.execute(Trail.along(() -> give(part, bytes)));
            }
        }
    }

    private static void give(Errand.Part part, ByteBuffer bytes) {
        try {
            part.taker().take(bytes);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (FetchException | BackendException | RuntimeException | LinkageError e) {
            LOG.debug("{} is fetched separately: {}", part.name(), e.toString());
        }
    }
}
