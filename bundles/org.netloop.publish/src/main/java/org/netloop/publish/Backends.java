package org.netloop.publish;

import org.netloop.api.codec.Codec;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.message.FeatureHint;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Transport;

import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * Codecs, formats and transports available for publishing. Of two of one name the later one is
 * taken.
 *
 * @param codecs the codecs
 * @param formats the index formats
 * @param transports the transports by scheme
 */
record Backends(List<Codec> codecs, List<IndexFormat> formats, Map<String, Transport> transports) {

    /** Copies the collections. */
    Backends {
        codecs = List.copyOf(codecs);
        formats = List.copyOf(formats);
        transports = Map.copyOf(transports);
    }

    /** The codec of that id. */
    Codec codec(String id) throws FetchException.Unsupported {
        return named("codec", "codec", id, codecs, Codec::id);
    }

    /** The index format of that id. */
    IndexFormat format(String id) throws FetchException.Unsupported {
        return named("index format", "format", id, formats, IndexFormat::id);
    }

    /** The transport for a URI. */
    Transport transport(URI uri) throws FetchException.Unsupported {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        Transport transport = transports.get(scheme);
        if (transport == null) {
            throw missing("transport for", "transport", scheme, transports.keySet());
        }
        return transport;
    }

    private static <T> T named(
            String kind, String feature, String id, List<T> all, Function<T, String> idOf)
            throws FetchException.Unsupported {
        return all.reversed().stream()
                .filter(one -> idOf.apply(one).equals(id))
                .findFirst()
                .orElseThrow(() -> missing(kind, feature, id, all.stream().map(idOf).toList()));
    }

    private static FetchException.Unsupported missing(
            String kind, String feature, String id, Collection<String> present) {
        return new FetchException.Unsupported(
                "there is no "
                        + kind
                        + " '"
                        + id
                        + "', only "
                        + present.stream().sorted().distinct().toList()
                        + "; "
                        + FeatureHint.of(feature, id));
    }
}
