package org.netloop.api.plugin;

import org.jspecify.annotations.Nullable;
import org.netloop.api.cache.BlockCache;
import org.netloop.api.command.Command;
import org.netloop.api.control.ControlVerb;
import org.netloop.api.transport.Schemes;
import org.netloop.api.transport.Transport;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Rules for the service properties of each contract. */
public final class ServiceRules {
    private static final Set<String> TIERS =
            Set.of(BlockCache.TIER_PLAIN, BlockCache.TIER_STORED, BlockCache.TIER_SHARED);

    /** RFC 3986, 3.1, in lower case. */
    private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]*");

    private ServiceRules() {}

    /**
     * Returns the reasons why a service is unusable, a sentence each; empty if there are none.
     *
     * @param contract the interface it is registered as
     * @param properties gives a service property by its name; null if it is not there
     */
    public static List<String> problems(
            String contract, Function<String, @Nullable Object> properties) {
        List<String> problems = new ArrayList<>();
        if (contract.equals(BlockCache.class.getName())) {
            Object tier = properties.apply(BlockCache.TIER);
            if (tier == null) {
                problems.add(missing(contract, BlockCache.TIER));
            } else if (!TIERS.contains(tier)) {
                problems.add(
                        contract
                                + " has the tier '"
                                + tier
                                + "', which does not exist: "
                                + BlockCache.TIER
                                + " is "
                                + BlockCache.TIER_PLAIN
                                + ", "
                                + BlockCache.TIER_STORED
                                + " or "
                                + BlockCache.TIER_SHARED);
            }
        } else if (contract.equals(Transport.class.getName())) {
            List<String> schemes = Schemes.of(properties.apply(Transport.SCHEMES));
            if (schemes.isEmpty()) {
                problems.add(missing(contract, Transport.SCHEMES));
            }
            schemes.stream()
                    .filter(scheme -> !SCHEME.matcher(scheme).matches())
                    .map(scheme -> contract + " serves '" + scheme + "', which no URI starts with")
                    .forEach(problems::add);
        } else if (contract.equals(Command.class.getName())
                && properties.apply(Command.NAME) == null) {
            problems.add(missing(contract, Command.NAME));
        } else if (contract.equals(ControlVerb.class.getName())
                && properties.apply(ControlVerb.NAME) == null) {
            problems.add(missing(contract, ControlVerb.NAME));
        }
        return problems;
    }

    private static String missing(String contract, String property) {
        return contract + " needs the service property " + property;
    }
}
