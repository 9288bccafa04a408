package org.netloop.transport.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.hc.core5.http.message.BasicHttpResponse;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.netloop.transport.http.Claims.MismatchException;

import java.io.IOException;

/** Each claim of an answer against each other one, and against the question. */
class ClaimsTest {
    private static final int ROOM = 1000;

    /** Headers are separated by '|'. */
    private static Answer answer(int status, String headers) {
        BasicHttpResponse response = new BasicHttpResponse(status);
        for (String header : headers.split("\\|")) {
            String[] parts = header.split(":", 2);
            response.addHeader(parts[0].strip(), parts[1].strip());
        }
        return Answer.of(response);
    }

    /** Asked for: the whole if the length is -1 and the offset 0. */
    @ParameterizedTest
    @CsvSource({
        // status, offset, length, headers
        "200, 0, -1, Content-Length: 10 | Content-Range: bytes 0-9/100",
        "200, 0, -1, Content-Length: 9 | Content-Range: bytes 0-9/10",
        "200, 0, 10, Content-Length: 10 | Content-Range: bytes 0-9/100",
        "200, 5, 10, Content-Length: 10 | Content-Range: bytes 5-14/100",
        "200, 0, 10, Content-Length: 10 | Content-Range: bytes 0-9/*",
        "200, 0, 10, Content-Length: 10 | Content-Range: nonsense",
        "200, 0, -1, Content-Length: 10 | Content-Length: 11",
        "200, 0, -1, Content-Length: ten",
        "200, 0, -1, Content-Length: -1",
        "200, 0, -1, Content-Length: 10 | Transfer-Encoding: chunked",
        "200, 0, -1, Content-Length: 1001",
        "200, 50, 10, Content-Length: 50",
        "200, 0, -1, Content-Length: 10 | Content-Encoding: gzip",
        "200, 0, -1, Content-Length: 10 | Content-Encoding: identity | Content-Encoding: gzip",
        "206, 0, -1, Content-Length: 10 | Content-Range: bytes 0-9/10",
        "206, 0, 10, Content-Length: 10",
        "206, 0, 10, Content-Length: 10 | Content-Type: multipart/byteranges; boundary=x",
        "206, 0, 10, Content-Length: 10 | Content-Type: Multipart/ByteRanges | Content-Range: bytes 0-9/100",
        "206, 0, 10, Content-Length: 10 | Content-Range: bytes 0-9/100 | Content-Range: bytes 0-9/200",
        "206, 0, 10, Content-Length: 9 | Content-Range: bytes 0-9/100",
        "206, 0, 10, Content-Length: 10 | Content-Range: bytes 1-10/100",
        "206, 0, 10, Content-Length: 5 | Content-Range: bytes 0-4/100",
        "206, 0, 10, Content-Length: 5 | Content-Range: bytes 0-4/*",
        "206, 0, 10, Content-Length: 11 | Content-Range: bytes 0-10/100",
        "206, 0, 10, Content-Length: 10 | Content-Range: bytes 0-9/9",
        "206, 0, 10, Content-Length: 10 | Content-Range: items 0-9/100",
        "206, 0, 10, Content-Length: 0 | Content-Range: bytes */100",
        "206, 5, -1, Content-Length: 5 | Content-Range: bytes 5-9/100",
        "206, 5, -1, Content-Length: 5 | Content-Range: bytes 5-9/*",
        "206, 5, -1, Content-Length: 1001 | Content-Range: bytes 5-1005/1006",
        "206, 0, 10, Content-Length: 10 | Content-Range: bytes 0-9/10 | Content-Encoding: br",
    })
    void whatDoesNotGoTogetherIsRefused(int status, long offset, long length, String headers) {
        assertThatThrownBy(() -> Claims.of(answer(status, headers), new Part(offset, length), ROOM))
                .isInstanceOf(MismatchException.class);
    }

    @ParameterizedTest
    @CsvSource({
        // status, offset, length, headers, skipped, length of the body, total
        "200, 0, -1, Content-Length: 10, 0, 10, 10",
        "200, 0, -1, Transfer-Encoding: chunked, 0, -1, -1",
        "200, 0, -1, Content-Length: 10 | Content-Length: 10, 0, 10, 10",
        "200, 0, -1, Content-Length: 10 | Content-Encoding: identity, 0, 10, 10",
        "200, 0, -1, Content-Length: 10 | Content-Range: bytes 0-9/10, 0, 10, 10",
        "200, 5, 10, Content-Length: 100, 5, 100, 100",
        "206, 0, 10, Content-Length: 10 | Content-Range: bytes 0-9/100, 0, 10, 100",
        "206, 0, 10, Content-Length: 10 | Content-Range: Bytes 0-9/100, 0, 10, 100",
        "206, 0, 10, Content-Range: bytes 0-9/*, 0, 10, -1",
        "206, 5, 10, Content-Length: 3 | Content-Range: bytes 5-7/8, 0, 3, 8",
        "206, 5, -1, Content-Length: 3 | Content-Range: bytes 5-7/8, 0, 3, 8",
    })
    void whatGoesTogetherIsTaken(
            int status, long offset, long length, String headers, long skip, long body, long total)
            throws IOException {
        Answer answer = answer(status, headers);
        assertThat(Claims.of(answer, new Part(offset, length), ROOM))
                .isEqualTo(new Claims.Body(skip, body));
        assertThat(Claims.totalLength(answer)).isEqualTo(total);
    }
}
