package com.example.onweb;

import org.netloop.api.frontend.Attachment;
import org.netloop.api.frontend.Frontend;
import org.netloop.tck.FrontendContract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;

/** The frontend keeps what its contract promises: the tests are inherited. */
class OnwebFrontendTest extends FrontendContract {
    private final OnwebFrontend frontend = new OnwebFrontend();
    private final String place = freePort();

    private static String freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return String.valueOf(socket.getLocalPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected Frontend frontend() {
        return frontend;
    }

    @Override
    protected String place() {
        return place;
    }

    @Override
    protected byte[] read(Attachment attachment, long offset, int length) throws IOException {
        URI uri = URI.create(attachment.address());
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.setRequestProperty("Range", "bytes=" + offset + "-" + (offset + length - 1));
        try (var in = connection.getInputStream()) {
            return in.readNBytes(length);
        }
    }
}
