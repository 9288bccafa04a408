package org.netloop.format.netloop;

import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;

import java.util.regex.Pattern;

/** Paths of the objects in a repository. */
final class Layout {
    static final String CHANNELS = "channels/";
    static final String IMAGES = "images/";
    static final String SUFFIX = ".json";
    private static final int FAN_OUT_DIGITS = 2;
    private static final Pattern BLOCK =
            Pattern.compile("blocks/(?:[a-z0-9-]{1,16}/)?([0-9a-f]{2})/\\1[0-9a-f]{30,126}");

    private Layout() {}

    static String channel(String name) {
        return CHANNELS + name + SUFFIX;
    }

    static String image(Digest digest) {
        return IMAGES + digest.hex() + SUFFIX;
    }

    /**
     * Blocks and segments; directories of some hundred entries at the most, whatever the
     * repository's size.
     */
    static String block(Digest digest) {
        String hex = digest.hex();
        String place = hex.substring(0, FAN_OUT_DIGITS) + "/" + hex;
        return digest.algorithm() == DigestAlgorithm.SHA256
                ? "blocks/" + place
                : "blocks/" + digest.algorithm().id() + "/" + place;
    }

    /** Returns whether a path has the form of {@link #block}. */
    static boolean isBlock(String path) {
        return BLOCK.matcher(path).matches();
    }
}
