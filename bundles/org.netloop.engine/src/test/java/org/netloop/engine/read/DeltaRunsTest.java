package org.netloop.engine.read;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.index.Delta;
import org.netloop.api.index.DeltaBase;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.transport.Fetched;
import org.netloop.engine.fetch.Errand;
import org.netloop.engine.lease.BackendException;
import org.netloop.engine.retry.Deadline;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

@Timeout(60)
class DeltaRunsTest {
    private static final URI MIRROR = URI.create("test://a/");
    private static final int LENGTH = 400 << 10;

    private final Deadline deadline = Deadline.in(Duration.ofMinutes(1));
    private final DeltaRuns runs = new DeltaRuns();
    private final byte[] good = new byte[2 * LENGTH];
    private byte[] sent = good;
    private int requests;

    /** One of two deltas in a run that begins at {@code position} of its object. */
    private Delta delta(long position, int number) {
        int from = number * LENGTH;
        byte[] bytes = Arrays.copyOfRange(good, from, from + LENGTH);
        Digest digest = Digest.of(DigestAlgorithm.SHA256, ByteBuffer.wrap(bytes));
        StoredBlock stored =
                StoredBlock.range(digest, "deltas", position + from, LENGTH, "difference");
        DeltaBase base =
                new DeltaBase(
                        StoredBlock.object(digest, "base", LENGTH, StoredBlock.PLAIN),
                        LENGTH,
                        digest);
        return new Delta(
                stored, new Delta.Run(position, 2 * LENGTH), LENGTH, digest, List.of(base));
    }

    private ByteBuffer get(Delta delta) throws Exception {
        ByteBuffer bytes = runs.get(delta, FetchPurpose.DEMAND, deadline, this::send);
        assertThat(bytes).isNotNull();
        return bytes;
    }

    private void send(Errand errand) throws InterruptedException, BackendException {
        requests++;
        byte[] answer = sent;
        sent = good;
        try {
            errand.check()
                    .accept(ByteBuffer.wrap(answer), MIRROR, new Fetched(answer.length, null));
        } catch (FetchException e) {
            throw new AssertionError("the mirror was asked for " + errand.name(), e);
        }
        errand.into().put(answer);
    }

    @Test
    void neighboursComeByOneRequest() throws Exception {
        get(delta(0, 0));
        get(delta(0, 1));
        assertThat(requests).isEqualTo(1);
    }

    @Test
    void aDeltaThatCameDamagedWithItsNeighbourIsFetchedAgain() throws Exception {
        good[LENGTH] = 1;
        sent = good.clone();
        sent[LENGTH]++;
        get(delta(0, 0));
        assertThat(get(delta(0, 1)).get()).isEqualTo((byte) 1);
        get(delta(0, 0));
        assertThat(requests).isEqualTo(2);
    }

    @Test
    void thereIsABoundToTheBytesThatAreKept() throws Exception {
        for (int i = 0; i < 6; i++) {
            get(delta((long) i << 20, 0));
        }
        for (int i = 5; i > 0; i--) {
            get(delta((long) i << 20, 1));
        }
        assertThat(requests).isEqualTo(6);
        get(delta(0, 1));
        assertThat(requests).isEqualTo(7);
    }

    @Test
    void aRunForWhichThereIsNoRoomIsNotFetched() throws Exception {
        Delta large = delta(0, 0);
        Delta.Run run = new Delta.Run(0, Integer.MAX_VALUE);
        Delta delta = new Delta(large.stored(), run, LENGTH, large.plain(), large.bases());
        assertThat(runs.hold(delta)).isFalse();
        assertThat(runs.get(delta, FetchPurpose.DEMAND, deadline, this::send)).isNull();
        assertThat(requests).isZero();
    }
}
