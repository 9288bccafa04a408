package org.netloop.tck;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/** Implementation of each {@link Fault} of a {@link FakeMirror}. */
final class Misbehaviour {
    private Misbehaviour() {}

    /** Throws where the connection is to be closed. */
    static void answer(
            Fault fault,
            FakeMirror.Request request,
            byte[] object,
            InputStream in,
            OutputStream out)
            throws IOException, InterruptedException {
        switch (fault) {
            case NOT_FOUND -> head(out, "404 Not Found", 0);
            case FORBIDDEN -> head(out, "403 Forbidden", 0);
            case SERVER_ERROR -> head(out, "500 Oops", 0);
            case BUSY -> head(out, "503 Busy", 0, "Retry-After: 7");
            case WRONG_BYTES -> wrongBytes(object, out);
            case TRUNCATED -> truncated(object, out);
            case ENDLESS -> forever("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", out);
            case REDIRECT_LOOP -> head(out, "302 Found", 0, "Location: " + request.path());
            case SILENT -> in.transferTo(OutputStream.nullOutputStream());
            case TRICKLE -> trickle(object, out);
            case CLOSED -> throw new IOException("closed on request");
            case CODED -> {
                head(out, "200 OK", object.length, "Content-Encoding: gzip");
                out.write(object);
            }
            case WRONG_RANGE -> {
                head(out, "206 Partial", 10, "Content-Range: bytes 0-9/" + object.length);
                out.write(object, 0, 10);
            }
            case RANGE_IGNORED -> whole(object, out);
            case ENDLESS_HEAD -> forever("HTTP/1.1 200 OK\r\nX-Endless: ", out);
            case CUT_CHUNK -> {
                out.write(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n400\r\ncut"
                                .getBytes(US_ASCII));
                out.flush();
                throw new IOException("closed on request");
            }
            case GIBBERISH -> {
                out.write("\r\n\0SSH-2.0-not a web server\r\n\r\n".getBytes(US_ASCII));
                out.flush();
                throw new IOException("closed on request");
            }
        }
    }

    static void whole(byte[] object, OutputStream out) throws IOException {
        head(out, "200 OK", object.length, "ETag: \"" + Arrays.hashCode(object) + "\"");
        out.write(object);
    }

    private static void wrongBytes(byte[] object, OutputStream out) throws IOException {
        byte[] wrong = object.clone();
        wrong[wrong.length / 2] ^= 1;
        head(out, "200 OK", wrong.length);
        out.write(wrong);
    }

    private static void truncated(byte[] object, OutputStream out) throws IOException {
        head(out, "200 OK", object.length);
        out.write(object, 0, object.length / 2);
        out.flush();
        throw new IOException("closed on request");
    }

    private static void forever(String head, OutputStream out) throws IOException {
        out.write(head.getBytes(US_ASCII));
        byte[] junk = new byte[8192];
        Arrays.fill(junk, (byte) 'x');
        while (true) {
            out.write(junk);
        }
    }

    private static void trickle(byte[] object, OutputStream out)
            throws IOException, InterruptedException {
        head(out, "200 OK", object.length);
        for (byte one : object) {
            out.write(one);
            out.flush();
            Thread.sleep(100);
        }
    }

    static void head(OutputStream out, String status, long length, String... headers)
            throws IOException {
        StringBuilder text =
                new StringBuilder("HTTP/1.1 " + status + "\r\nContent-Length: " + length + "\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        out.write(text.append("\r\n").toString().getBytes(US_ASCII));
    }
}
