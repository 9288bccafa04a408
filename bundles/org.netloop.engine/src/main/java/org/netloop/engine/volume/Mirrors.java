package org.netloop.engine.volume;

import org.netloop.api.index.Reference;
import org.netloop.api.message.Secrets;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The mirrors a volume is configured with.
 *
 * @param first the repository's own base URI
 * @param more the others, in the order of the configuration
 * @param disabled those that are not to be asked
 * @param wrong what is said of those that are no URIs: the others are asked all the same
 */
record Mirrors(URI first, List<URI> more, Set<URI> disabled, String wrong) {

    static Mirrors of(ConfiguredVolume.Config config) {
        List<String> wrong = new ArrayList<>();
        List<URI> more = uris(config.mirrors(), wrong);
        Set<URI> disabled = Set.copyOf(uris(config.mirrors_disabled(), wrong));
        return new Mirrors(
                Reference.parse(config.reference()).repository(),
                more,
                disabled,
                String.join("; ", wrong));
    }

    private static List<URI> uris(String[] texts, List<String> wrong) {
        List<URI> uris = new ArrayList<>();
        for (String text : texts) {
            try {
                uris.add(Reference.uri(text));
            } catch (IllegalArgumentException e) {
                wrong.add(
                        "a mirror is left out, because it is not a URI: "
                                + Secrets.hide(String.valueOf(e.getMessage())));
            }
        }
        return uris;
    }

    /** Returns the mirrors that are asked. */
    List<URI> asked() {
        return Stream.concat(Stream.of(first), more.stream())
                .filter(base -> !disabled.contains(base))
                .toList();
    }
}
