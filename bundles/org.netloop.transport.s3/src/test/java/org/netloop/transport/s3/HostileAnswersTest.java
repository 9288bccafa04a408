package org.netloop.transport.s3;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchRequest;
import org.netloop.api.transport.Fetched;

import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.util.Random;

/** Heads of answers that lie, and bodies that do not fit them. */
class HostileAnswersTest {
    private static final int CASES = 100_000;
    private static final int MOST = 64;

    private final Random random = new Random(5);

    private long number() {
        return switch (random.nextInt(6)) {
            case 0 -> random.nextLong();
            case 1 -> Long.MAX_VALUE - random.nextInt(3);
            default -> random.nextInt(MOST);
        };
    }

    private String contentRange() {
        return switch (random.nextInt(8)) {
            case 0 -> "";
            case 1 -> "bytes */" + number();
            case 2 -> "bytes 0-99999999999999999999999/5";
            default -> "bytes " + number() + "-" + number() + "/" + number();
        };
    }

    /**
     * A part, or all; what comes is taken only if it is that, and never more than there is room.
     */
    @Test
    void whatIsTakenIsWhatWasAskedForAndFits() {
        byte[] content = new byte[MOST];
        random.nextBytes(content);
        int taken = 0;
        for (int i = 0; i < CASES; i++) {
            long offset = random.nextInt(8);
            long length = random.nextBoolean() ? FetchRequest.TO_END : 1 + random.nextInt(40);
            ByteBuffer into = ByteBuffer.allocate(random.nextInt(MOST));
            int comes = random.nextInt(MOST);
            GetObjectResponse head =
                    GetObjectResponse.builder()
                            .contentLength(random.nextInt(4) == 0 ? number() : comes)
                            .contentRange(i % 2 == 0 ? contentRange() : honest(offset, comes))
                            .build();
            if (take(new FetchRequestPart(offset, length), head, content, comes, into)) {
                taken++;
                assertThat(into.position()).isEqualTo(comes);
                assertThat(length < 0 || comes <= length || offset == 0).isTrue();
            }
        }
        assertThat(taken).isGreaterThan(1000);
    }

    private String honest(long offset, int comes) {
        long last = offset + comes - 1;
        return "bytes " + offset + "-" + last + "/" + (last + 1 + random.nextInt(2));
    }

    /** Byte range of a request. */
    private record FetchRequestPart(long offset, long length) {}

    private static boolean take(
            FetchRequestPart part,
            GetObjectResponse head,
            byte[] content,
            int comes,
            ByteBuffer into) {
        Body body =
                new Body(
                        new Location("images", "block"),
                        part.offset(),
                        part.length(),
                        new Sink(into));
        AbortableInputStream in =
                AbortableInputStream.create(new ByteArrayInputStream(content, 0, comes));
        try {
            Fetched fetched = body.transform(head, in);
            if (fetched.totalLength() != Fetched.UNKNOWN) {
                assertThat(fetched.totalLength()).isGreaterThanOrEqualTo(into.position());
            }
            return true;
        } catch (FetchException.Corrupt | RetryableException _) {
            return false;
        } catch (FetchException e) {
            throw new AssertionError(e);
        }
    }
}
