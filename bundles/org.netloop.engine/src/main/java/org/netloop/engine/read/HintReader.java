package org.netloop.engine.read;

import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.transport.FetchRequest;
import org.netloop.engine.fetch.Check;
import org.netloop.engine.fetch.Errand;
import org.netloop.engine.fetch.Fetcher;
import org.netloop.engine.fetch.Persistence;
import org.netloop.engine.fetch.Wanted;
import org.netloop.engine.retry.Deadline;

import java.nio.ByteBuffer;

/**
 * Reads an object that is of use but not needed. Once a mirror lacks it, those that do not answer
 * are not waited for. Used once, by one thread.
 */
record HintReader(Fetcher fetcher, String path, Deadline deadline) {

    /** Most are small: room for the largest allowed is taken only when it proves needed. */
    ByteBuffer read(int maxLength) throws FetchException, InterruptedException {
        try {
            return readInto(Math.min(maxLength, RootReader.USUAL_ROOM));
        } catch (FetchException.Corrupt e) {
            if (maxLength <= RootReader.USUAL_ROOM) {
                throw e;
            }
            return readInto(maxLength);
        }
    }

    private ByteBuffer readInto(int room) throws FetchException, InterruptedException {
        ByteBuffer into = ByteBuffer.allocate(room);
        fetcher.fetch(
                new Errand(
                                path,
                                new Wanted(path, 0, FetchRequest.TO_END, FetchPurpose.PREFETCH),
                                into,
                                Check.NONE,
                                deadline)
                        .asking(Persistence.UNLESS_LACKED));
        return into.flip().asReadOnlyBuffer();
    }
}
