package org.netloop.engine.volume;

import org.netloop.api.index.Reference;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The mirrors a volume is configured with.
 *
 * @param first the repository's own base URI
 * @param more the others, in the order of the configuration
 * @param disabled those that are not to be asked
 */
record Mirrors(URI first, List<URI> more, Set<URI> disabled) {

    static Mirrors of(ConfiguredVolume.Config config) {
        Set<URI> disabled =
                Arrays.stream(config.mirrors_disabled())
                        .map(Reference::uri)
                        .collect(Collectors.toUnmodifiableSet());
        return new Mirrors(
                Reference.parse(config.reference()).repository(),
                Arrays.stream(config.mirrors()).map(Reference::uri).toList(),
                disabled);
    }

    /** Those that are asked. */
    List<URI> asked() {
        return Stream.concat(Stream.of(first), more.stream())
                .filter(base -> !disabled.contains(base))
                .toList();
    }
}
