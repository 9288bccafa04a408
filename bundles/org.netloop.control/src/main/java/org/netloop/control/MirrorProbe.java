package org.netloop.control;

import org.jspecify.annotations.Nullable;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.transport.FetchRequest;
import org.netloop.api.transport.Transport;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;

/**
 * Asks a mirror a few times for a small object, as <em>netselect</em> of the HTTP-FUSE CLOOP paper
 * did before anything was mounted.
 */
final class MirrorProbe {
    /**
     * Path of a small object that every repository has; an answer that it is missing is an answer
     * too.
     */
    private static final String SMALL = "channels/" + Reference.STANDARD_CHANNEL + ".json";

    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final int ROOM = 64 << 10;
    private static final double MILLION = 1e6;

    private MirrorProbe() {}

    /**
     * Result of a measurement.
     *
     * @param base the mirror
     * @param firstMillis of the first request: it opens a connection; NaN if it failed
     * @param millis the median of the others; NaN if one failed
     * @param problem why it cannot be used; null if nothing is known against it
     */
    record Result(URI base, double firstMillis, double millis, @Nullable String problem) {}

    static Result of(URI base, Transport transport, int rounds) throws InterruptedException {
        double[] took = new double[rounds];
        String problem = null;
        for (int round = 0; round < rounds; round++) {
            long began = System.nanoTime();
            try {
                transport.fetch(
                        FetchRequest.whole(object(base), LONGEST, FetchPurpose.PROBE),
                        ByteBuffer.allocate(ROOM));
            } catch (FetchException.Missing _) {
                problem = "it has no " + SMALL;
            } catch (FetchException e) {
                return new Result(base, Double.NaN, Double.NaN, e.getMessage());
            }
            took[round] = (System.nanoTime() - began) / MILLION;
        }
        double[] others = Arrays.copyOfRange(took, 1, rounds);
        Arrays.sort(others);
        return new Result(base, took[0], others[others.length / 2], problem);
    }

    private static URI object(URI base) {
        String text = base.toString();
        return URI.create(text.endsWith("/") ? text + SMALL : text + "/" + SMALL);
    }
}
