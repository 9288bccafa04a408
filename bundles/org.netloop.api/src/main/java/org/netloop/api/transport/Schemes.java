package org.netloop.api.transport;

import org.jspecify.annotations.Nullable;
import org.netloop.api.message.FeatureHint;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/** URI schemes that transports serve, by the service property {@value Transport#SCHEMES}. */
public final class Schemes {
    private Schemes() {}

    /**
     * The schemes that a transport serves.
     *
     * @param property the value of its property: a string, several, or null; of anything else there
     *     are none
     */
    public static List<String> of(@Nullable Object property) {
        return switch (property) {
            case String one -> List.of(one);
            case String[] several -> List.of(several);
            case Collection<?> several -> several.stream().map(String::valueOf).toList();
            case null, default -> List.of();
        };
    }

    /**
     * The first transport that serves a scheme.
     *
     * @param transports services with their properties, as Declarative Services gives them
     * @throws FetchException.Unsupported if there is none; the message names the feature
     */
    public static Transport find(
            List<Map.Entry<Map<String, Object>, Transport>> transports, String scheme)
            throws FetchException.Unsupported {
        return transports.stream()
                .filter(entry -> of(entry.getKey().get(Transport.SCHEMES)).contains(scheme))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(
                        () ->
                                new FetchException.Unsupported(
                                        FeatureHint.absent(
                                                "no transport for", "transport", scheme)));
    }
}
