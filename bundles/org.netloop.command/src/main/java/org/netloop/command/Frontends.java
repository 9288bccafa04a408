package org.netloop.command;

import org.netloop.api.frontend.Attachment;
import org.netloop.api.frontend.Frontend;
import org.netloop.api.message.Failures;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/** The frontend of an id, and waiting for an attachment's end. */
final class Frontends {
    private Frontends() {}

    static Frontend byId(List<Frontend> installed, String id) throws IOException {
        return installed.stream()
                .filter(frontend -> frontend.id().equals(id))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IOException(
                                        "no frontend '"
                                                + id
                                                + "' is installed; install the feature frontend-"
                                                + id));
    }

    /**
     * Returns when it is detached from outside, or this thread is told to stop; it is closed by
     * then.
     */
    static void serveUntilStopped(Attachment attachment) throws IOException {
        try (attachment) {
            CompletionStage<Void> end = attachment.detached();
            end.toCompletableFuture().get();
        } catch (InterruptedException _) {
            // Being told to stop is how this ends well.
            Thread.currentThread().interrupt();
        } catch (ExecutionException | CompletionException e) {
            throw new IOException(
                    "attachment " + attachment.address() + " ended: " + Failures.sentence(e), e);
        }
    }
}
