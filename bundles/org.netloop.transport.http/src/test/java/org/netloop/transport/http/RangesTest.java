package org.netloop.transport.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.netloop.api.transport.FetchException.Corrupt;
import org.netloop.api.transport.FetchException.Unavailable;
import org.netloop.api.transport.FetchRequest;
import org.netloop.tck.Fault;

import java.net.URI;

/** Parts of objects, and mirrors that give others than were asked for. */
class RangesTest extends MirrorTest {

    @Test
    void aPartIsAskedForByItsFirstAndLastByte() throws Exception {
        URI uri = offer("block", 5000);
        fetch(uri, 1000, 10, 10, PATIENCE);
        fetch(uri, 1000, FetchRequest.TO_END, 4000, PATIENCE);
        fetch(uri, 5000);
        assertThat(mirror.requests().get(0).range()).isEqualTo("bytes=1000-1009");
        assertThat(mirror.requests().get(1).range()).isEqualTo("bytes=1000-");
        assertThat(mirror.requests().get(2).range()).isNull();
    }

    @Test
    void aMirrorWithoutRangesGivesThePartAllTheSame() throws Exception {
        URI uri = offer("block", 500_000);
        mirror.fault(Fault.RANGE_IGNORED);
        assertThat(fetch(uri, 1000, 10, 10, PATIENCE)).isEqualTo(slice(500_000, 1000, 10));
        assertThat(fetch(uri, 499_000, FetchRequest.TO_END, 1000, PATIENCE))
                .isEqualTo(slice(500_000, 499_000, 1000));
        assertThat(fetch(uri, 499_990, 100, 100, PATIENCE)).isEqualTo(slice(500_000, 499_990, 10));
    }

    @Test
    void aHeadIsHadOfABodyThatNeverEnds() throws Exception {
        mirror.fault(Fault.ENDLESS);
        assertThat(fetch(uri("block"), 0, 4096, 4096, PATIENCE).remaining()).isEqualTo(4096);
        mirror.clearFaults();
        assertThat(fetch(offer("block", 10), 10).remaining()).isEqualTo(10);
    }

    @Test
    void farBytesOfAMirrorWithoutRangesAreNotWaitedFor() {
        mirror.fault(Fault.ENDLESS);
        assertThatThrownBy(() -> fetch(uri("block"), 1L << 40, 10, 10, PATIENCE))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("ranges");
    }

    @Test
    void aPartBeyondTheEndIsCorruptWhetherTheMirrorKnowsRangesOrNot() {
        URI uri = offer("block", 5000);
        assertThatThrownBy(() -> fetch(uri, 5000, 10, 10, PATIENCE)).isInstanceOf(Corrupt.class);
        mirror.fault(Fault.RANGE_IGNORED);
        assertThatThrownBy(() -> fetch(uri, 5000, 10, 10, PATIENCE)).isInstanceOf(Corrupt.class);
        assertThatThrownBy(() -> fetch(uri, 6000, 10, 10, PATIENCE)).isInstanceOf(Corrupt.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bytes 10-29/100",
                "bytes 11-20/100",
                "bytes 10-18/100",
                "bytes 10-19/15",
                "bytes 9-18/100",
                "bytes 19-10/100",
                "bytes */100",
                "bytes 10-19",
                "lines 10-19/100",
                "bytes 99999999999999999999-99999999999999999999/100",
                "",
            })
    void aRangeThatDoesNotMatchTheQuestionIsCorrupt(String range) {
        mirror.answer("block", 206, new byte[20], "Content-Range: " + range);
        assertThatThrownBy(() -> fetch(uri("block"), 10, 10, 100, PATIENCE))
                .isInstanceOf(Corrupt.class);
    }

    @Test
    void aPartThatIsLongerThanItsRangeIsCorrupt() {
        mirror.answer("block", 206, new byte[20], "Content-Range: bytes 10-19/100");
        assertThatThrownBy(() -> fetch(uri("block"), 10, 10, 100, PATIENCE))
                .isInstanceOf(Corrupt.class);
    }

    @Test
    void aPartIsNotTakenForTheWhole() {
        mirror.answer("block", 206, new byte[10], "Content-Range: bytes 0-9/5000");
        assertThatThrownBy(() -> fetch(uri("block"), 5000)).isInstanceOf(Corrupt.class);
    }

    @Test
    void aPartOfUnknownTotalIsTaken() throws Exception {
        mirror.answer("block", 206, new byte[10], "Content-Range: bytes 10-19/*");
        assertThat(fetch(uri("block"), 10, 10, 10, PATIENCE).remaining()).isEqualTo(10);
    }

    @Test
    void aPartOfUnknownTotalDoesNotEndTheObject() {
        mirror.answer("block", 206, new byte[5], "Content-Range: bytes 10-14/*");
        assertThatThrownBy(() -> fetch(uri("block"), 10, 10, 10, PATIENCE))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("bytes 10-14/*");
        mirror.answer("block", 206, new byte[5], "Content-Range: bytes 10-14/*");
        assertThatThrownBy(() -> fetch(uri("block"), 10, FetchRequest.TO_END, 10, PATIENCE))
                .isInstanceOf(Corrupt.class);
    }

    @Test
    void aWholeThatSaysToBeAPartIsRefused() {
        mirror.answer("image", 200, new byte[4096], "Content-Range: bytes 0-4095/4194304");
        assertThatThrownBy(() -> fetch(uri("image"), 0, 4096, 4096, PATIENCE))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("status 200")
                .hasMessageContaining("bytes 0-4095/4194304");
        assertThatThrownBy(() -> fetch(uri("image"), 4096)).isInstanceOf(Corrupt.class);
    }

    @Test
    void aPartInChunksHasAsManyBytesAsItSays() throws Exception {
        String head = "HTTP/1.1 206 Partial\r\nTransfer-Encoding: chunked\r\n";
        mirror.raw(
                "block",
                ascii(head + "Content-Range: bytes 10-13/100\r\n\r\n4\r\nabcd\r\n0\r\n\r\n"));
        assertThat(fetch(uri("block"), 10, 4, 10, PATIENCE).remaining()).isEqualTo(4);
        mirror.raw(
                "block",
                ascii(head + "Content-Range: bytes 10-19/100\r\n\r\n4\r\nabcd\r\n0\r\n\r\n"));
        assertThatThrownBy(() -> fetch(uri("block"), 10, 10, 10, PATIENCE))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("4 bytes came where its head says 10");
        mirror.raw(
                "block",
                ascii(head + "Content-Range: bytes 10-12/100\r\n\r\n4\r\nabcd\r\n0\r\n\r\n"));
        assertThatThrownBy(() -> fetch(uri("block"), 10, 3, 10, PATIENCE))
                .isInstanceOf(Corrupt.class);
    }

    @Test
    void twoLengthsAreNone() {
        mirror.raw(
                "block",
                ascii(
                        "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + "2\r\nab\r\n0\r\n\r\n"));
        assertThatThrownBy(() -> fetch(uri("block"), 10))
                .isInstanceOfAny(Corrupt.class, Unavailable.class)
                .hasMessageContaining("block");
    }

    @Test
    void aRefusedRangeIsToldWithWhatTheMirrorSaysOfItsObject() {
        mirror.answer("block", 416, NOTHING, "Content-Range: bytes */5000");
        assertThatThrownBy(() -> fetch(uri("block"), 10, 10, 10, PATIENCE))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("it refuses bytes=10-19 of an object that has");
        assertThatThrownBy(() -> fetch(uri("block"), 6000, 10, 10, PATIENCE))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("shorter than the index says: it has 5000 bytes");
    }

    @Test
    void anEmptyObjectIsEmpty() throws Exception {
        assertThat(fetch(offer("empty", 0), 10).remaining()).isZero();
    }
}
