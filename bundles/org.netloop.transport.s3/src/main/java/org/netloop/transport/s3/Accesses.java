package org.netloop.transport.s3;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Access of each bucket: from the settings, and where they are silent from the environment. */
final class Accesses {
    private final Access standard;
    private final Map<String, Access> special = new HashMap<>();

    /**
     * @param environment the process's
     * @throws IllegalArgumentException if a setting cannot be meant; the message names it
     */
    Accesses(S3Settings settings, Map<String, String> environment) {
        Map<String, String> said = new TreeMap<>();
        said.put(
                "endpoint",
                first(
                        settings.endpoint(),
                        environment.getOrDefault("AWS_ENDPOINT_URL_S3", ""),
                        environment.getOrDefault("AWS_ENDPOINT_URL", "")));
        said.put("region", settings.region());
        said.put("addressing", settings.addressing());
        said.put("profile", settings.profile());
        said.put(
                "anonymous",
                settings.anonymous()
                        ? "true"
                        : environment.getOrDefault("NETLOOP_S3_ANONYMOUS", ""));
        said.put(
                "requester.pays",
                settings.requester_pays()
                        ? "true"
                        : environment.getOrDefault("NETLOOP_S3_REQUESTER_PAYS", ""));
        standard = Access.of(said);
        for (String line : settings.buckets()) {
            addSpecial(line, said);
        }
    }

    private static String first(String... texts) {
        for (String text : texts) {
            if (!text.isBlank()) {
                return text;
            }
        }
        return "";
    }

    private void addSpecial(String line, Map<String, String> standard) {
        String[] words = line.strip().split("\\s+", -1);
        Map<String, String> said = new TreeMap<>(standard);
        for (int i = 1; i < words.length; i++) {
            String[] pair = words[i].split("=", 2);
            if (pair.length < 2 || said.replace(pair[0], pair[1]) == null) {
                throw new IllegalArgumentException(
                        "'"
                                + pair[0]
                                + "' is not a setting of the bucket "
                                + words[0]
                                + ": expected key=value with a key of "
                                + standard.keySet());
            }
        }
        special.put(words[0], Access.of(said));
    }

    Access of(String bucket) {
        return special.getOrDefault(bucket, standard);
    }
}
