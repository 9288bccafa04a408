package org.netloop.console;

import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The requests by which the page changes something. Whatever else a deployment answers is refused.
 */
final class Changes {
    private static final String FOLLOW = "volume.follow.";
    private static final Pattern VOLUME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    /** Members of each request, all of them texts or flags but {@code set}. */
    private static final Map<String, Set<String>> MEMBERS =
            Map.ofEntries(
                    Map.entry("volume.set", Set.of("volume", "set")),
                    Map.entry("mirror.add", Set.of("volume", "uri")),
                    Map.entry("mirror.remove", Set.of("volume", "uri")),
                    Map.entry("mirror.disable", Set.of("volume", "uri")),
                    Map.entry("mirror.enable", Set.of("volume", "uri")),
                    Map.entry("bundle.start", Set.of("bundle")),
                    Map.entry("bundle.stop", Set.of("bundle")),
                    Map.entry("bundle.rollback", Set.of("bundle")),
                    Map.entry("bundle.uninstall", Set.of("bundle")),
                    Map.entry("bundle.update", Set.of("file")),
                    Map.entry("feature.add", Set.of("feature", "dry-run")),
                    Map.entry("feature.remove", Set.of("feature", "dry-run")));

    /** Settings of a volume that neither run a program nor say whom to trust. */
    private static final Set<String> SETTINGS =
            Set.of("update", "update.seconds", "prefetch", "fill.kib.per.second", "patience.ms");

    private Changes() {}

    /** Returns whether the page may send that request to the deployment. */
    static boolean allow(String verb, Map<String, Object> members) {
        if (verb.startsWith(FOLLOW)) {
            return VOLUME.matcher(verb.substring(FOLLOW.length())).matches()
                    && members.keySet().equals(Set.of("what"));
        }
        Set<String> allowed = MEMBERS.get(verb);
        return allowed != null
                && allowed.containsAll(members.keySet())
                && members.entrySet().stream().allMatch(Changes::isPlain);
    }

    private static boolean isPlain(Map.Entry<String, Object> member) {
        return member.getKey().equals("set")
                ? member.getValue() instanceof Map<?, ?> set && SETTINGS.containsAll(set.keySet())
                : member.getValue() instanceof String || member.getValue() instanceof Boolean;
    }
}
