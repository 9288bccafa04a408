package org.netloop.attach;

import org.jspecify.annotations.Nullable;
import org.netloop.api.frontend.Attachment;
import org.netloop.api.frontend.Frontend;
import org.netloop.api.volume.Volume;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/**
 * An attachment that was made.
 *
 * @param as what it was configured to be then
 * @param standing the volume its frontend holds
 * @param attachment the frontend's part of it
 * @param detached completes when it is; asked for once, as each asking may leave a trace
 * @param by the frontend; null once it left and the attachment outlived it
 */
record Made(
        Wanted as,
        StandingVolume standing,
        Attachment attachment,
        CompletableFuture<Void> detached,
        @Nullable Frontend by) {

    static Made make(Wanted as, Volume volume, Frontend by) throws IOException {
        StandingVolume standing = StandingVolume.of(volume, as.grace());
        try {
            Attachment attachment = by.attach(standing, as.spec());
            return new Made(
                    as, standing, attachment, attachment.detached().toCompletableFuture(), by);
        } catch (RuntimeException | LinkageError e) {
            throw new IOException("frontend " + as.frontend() + " failed: " + e, e);
        }
    }

    boolean isDetached() {
        return detached.isDone();
    }

    Made without(Frontend leaving) {
        return by == leaving ? new Made(as, standing, attachment, detached, null) : this;
    }

    /** Closes it. */
    void close() throws IOException {
        try {
            attachment.close();
        } catch (RuntimeException | LinkageError e) {
            throw new IOException("frontend " + as.frontend() + " failed: " + e, e);
        }
    }
}
