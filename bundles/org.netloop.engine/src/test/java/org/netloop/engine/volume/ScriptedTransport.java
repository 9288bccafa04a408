package org.netloop.engine.volume;

import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.transport.FetchRequest;
import org.netloop.api.transport.Fetched;
import org.netloop.api.transport.Transport;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Objects in memory, and faults by host. Scheme {@code test}. */
final class ScriptedTransport implements Transport {

    /** Fault that happens before an object is delivered. */
    interface Fault {
        void happen(FetchRequest request, ByteBuffer into)
                throws FetchException, InterruptedException;
    }

    final Map<String, byte[]> objects = new ConcurrentHashMap<>();
    final Map<String, Fault> faults = new ConcurrentHashMap<>();

    /** All but those that only measure a mirror. */
    final List<URI> requests = new CopyOnWriteArrayList<>();

    @Override
    public Fetched fetch(FetchRequest request, ByteBuffer into)
            throws FetchException, InterruptedException {
        if (request.purpose() != FetchPurpose.PROBE) {
            requests.add(request.uri());
        }
        Fault fault = faults.get(request.uri().getHost());
        int start = into.position();
        if (fault != null) {
            fault.happen(request, into);
        }
        if (into.position() > start) {
            return new Fetched(Fetched.UNKNOWN, null);
        }
        byte[] object = objects.get(request.uri().getPath());
        if (object == null) {
            throw new FetchException.Missing(request.uri() + " is not there");
        }
        int offset = (int) Math.min(request.offset(), object.length);
        int length =
                (int)
                        Math.min(
                                request.length() == FetchRequest.TO_END
                                        ? object.length
                                        : request.length(),
                                object.length - offset);
        if (length > into.remaining()) {
            throw new FetchException.Corrupt(request.uri() + " is too long");
        }
        into.put(object, offset, length);
        return new Fetched(object.length, null);
    }

    long requestsTo(String host) {
        return requests.stream().filter(uri -> uri.getHost().equals(host)).count();
    }

    long requestsOf(String path) {
        return requests.stream().filter(uri -> uri.getPath().equals(path)).count();
    }
}
