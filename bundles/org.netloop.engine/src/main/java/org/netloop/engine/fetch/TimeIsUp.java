package org.netloop.engine.fetch;

import org.netloop.api.transport.FetchException;

import java.net.URI;

/** Cause of a failure of a mirror that was not asked, for lack of time. */
final class TimeIsUp extends Exception {
    private static final long serialVersionUID = 1L;

    private TimeIsUp(String message) {
        super(message, null, false, false);
    }

    /**
     * Makes the failure.
     *
     * @param why what took the time
     */
    static FetchException.Unavailable at(URI uri, String why) {
        String message = uri + " was not asked: " + why;
        return new FetchException.Unavailable(message, new TimeIsUp(message));
    }
}
