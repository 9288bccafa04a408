package org.netloop.engine.trust;

import org.netloop.api.trust.TrustSpec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The file that says what a host trusts by default. One thing a line:
 *
 * <pre>
 * # comment
 * key /etc/netloop/release-2026.pub
 * key RWSf7F/tuvmKHGqW1eKNBU01vTUFLyIrWCsBfpP7T7Um4lPieLHGuSwF
 * threshold 1
 * revoked release-2024.pub
 * </pre>
 *
 * or {@code none} in place of keys. Names of files are taken relative to this one. Stateless.
 */
final class HostFile {
    private HostFile() {}

    static TrustSpec parse(Path file, String text) throws IOException {
        List<String> keys = new ArrayList<>();
        List<String> revoked = new ArrayList<>();
        int threshold = 0;
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            String[] words = line.strip().split("\\s+", 2);
            String value = words.length == 2 ? words[1] : "";
            switch (words[0]) {
                case "key" -> keys.add(key(file, number, value));
                case "revoked" -> revoked.add(key(file, number, value));
                case "threshold" -> threshold = threshold(file, number, value);
                case TrustSpec.NONE_WORD -> keys.add(TrustSpec.NONE_WORD);
                case "" -> {}
                default -> {
                    if (!words[0].startsWith("#")) {
                        throw wrong(file, number, "'" + words[0] + "' is not known");
                    }
                }
            }
        }
        try {
            return new TrustSpec(
                    keys.isEmpty() ? List.of(TrustSpec.NONE_WORD) : keys, threshold, revoked, "");
        } catch (IllegalArgumentException e) {
            throw wrong(file, number, e.getMessage());
        }
    }

    private static String key(Path file, int number, String value) throws IOException {
        if (value.isEmpty()) {
            throw wrong(file, number, "a key is missing");
        }
        Path beside = file.resolveSibling(value);
        return Files.exists(beside) ? beside.toString() : value;
    }

    private static int threshold(Path file, int number, String value) throws IOException {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException _) {
            throw wrong(file, number, "a threshold is a number");
        }
    }

    private static IOException wrong(
            Path file, int number, @org.jspecify.annotations.Nullable String what) {
        return new IOException(
                "nothing is opened, because what this host trusts cannot be read from "
                        + file
                        + ": line "
                        + number
                        + ": "
                        + what);
    }
}
