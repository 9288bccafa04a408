package org.netloop.api.message;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/**
 * Advice about the feature to install where a codec, format, transport, frontend or signature
 * scheme is missing. It names only features that exist: those that come with Netloop, also where an
 * appliance has only some of them, and those in the installation's directory. Stateless.
 */
public final class FeatureHint {
    /** Property of the process with the directory of the installation. */
    private static final String HOME = "netloop.home";

    /** Features of Netloop whose names consist of a contract and an id. */
    static final Set<String> OURS =
            Set.of(
                    "codec-bzip2",
                    "codec-compress",
                    "codec-deflate",
                    "codec-gzip",
                    "codec-lz4",
                    "codec-xz",
                    "codec-zlib",
                    "codec-zstd",
                    "format-caibx",
                    "format-cloop",
                    "format-idx",
                    "format-idx-md5",
                    "format-netloop",
                    "format-qcow2",
                    "format-raw",
                    "frontend-devfuse",
                    "frontend-fuse",
                    "frontend-nbd",
                    "transport-file",
                    "transport-http",
                    "transport-https",
                    "transport-s3",
                    "trust-signify");

    private FeatureHint() {}

    /**
     * Says what to install, as the last part of a sentence.
     *
     * @param kind codec, format, frontend, transport or trust
     * @param id of that which is missing
     */
    public static String of(String kind, String id) {
        String feature = kind + "-" + id;
        return OURS.contains(feature) || isInstallable(feature)
                ? "install the feature " + feature
                : "no known feature provides it";
    }

    /**
     * Says that something is missing, what there is instead, and what to install.
     *
     * @param what as a sentence names it, without its id: {@code no index format}
     * @param kind codec, format, frontend, transport or trust
     * @param id of that which is missing
     * @param installed ids of those that are there, in any order
     */
    public static String absent(String what, String kind, String id, Collection<String> installed) {
        String there =
                installed.isEmpty()
                        ? "there is none"
                        : "there are " + String.join(", ", new TreeSet<>(installed));
        return absent(what, id) + " (" + there + "); " + of(kind, id);
    }

    /** Says that something is missing, and what to install; parameters as of the other one. */
    public static String absent(String what, String kind, String id) {
        return absent(what, id) + "; " + of(kind, id);
    }

    private static String absent(String what, String id) {
        return what + " '" + id + "' is installed";
    }

    /** The id may come from a document of others, and must not name a file elsewhere. */
    private static boolean isInstallable(String feature) {
        String home = System.getProperty(HOME, "");
        if (home.isEmpty() || feature.indexOf('/') >= 0) {
            return false;
        }
        try {
            return Files.isRegularFile(Path.of(home, "features", feature + ".json"));
        } catch (InvalidPathException _) {
            // No file can have that name.
            return false;
        }
    }
}
