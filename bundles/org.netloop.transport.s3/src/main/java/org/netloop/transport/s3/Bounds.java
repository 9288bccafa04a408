package org.netloop.transport.s3;

import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Bounds what a server may answer besides objects: the SDK collects errors and listings in memory,
 * however long they are.
 */
final class Bounds implements ExecutionInterceptor {
    /** A listing has 1,000 keys of at most 1,024 bytes, each of which may be written as three. */
    private static final int MOST = 8 << 20;

    @Override
    public Optional<InputStream> modifyHttpResponseContent(
            Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
        boolean object =
                context.request() instanceof GetObjectRequest
                        && context.httpResponse().isSuccessful();
        return object ? context.responseBody() : context.responseBody().map(Bounded::new);
    }

    /** Fails instead of giving too much. */
    private static final class Bounded extends FilterInputStream {
        private int left = MOST;

        Bounded(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int next = super.read();
            counted(next < 0 ? -1 : 1);
            return next;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int count = super.read(into, offset, length);
            counted(count);
            return count;
        }

        private void counted(int count) throws IOException {
            left -= Math.max(0, count);
            if (left < 0) {
                throw new IOException("it answers with more than " + MOST + " bytes");
            }
        }
    }
}
