package org.netloop.format.idx;

import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.index.Reference;

import java.util.regex.Pattern;

/** Names of the objects, which all lie in one directory, as in the paper. */
final class Layout {
    static final String SUFFIX = ".idx";
    private static final String STANDARD = "index";
    private static final Pattern IMAGE = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern BLOCK = Pattern.compile("(?:[0-9a-f]{32}){1,4}|[0-9a-f]{40}");

    private Layout() {}

    static String channel(String name) {
        return (name.equals(Reference.STANDARD_CHANNEL) ? STANDARD : name) + SUFFIX;
    }

    /** Returns whether a channel may have that name: its file must not be another object's. */
    static boolean isChannel(String name) {
        return !name.equals(STANDARD) && !isImage(name);
    }

    /** The channel whose file has that name, without its suffix. */
    static String channelOf(String file) {
        return file.equals(STANDARD) ? Reference.STANDARD_CHANNEL : file;
    }

    static String image(Digest digest) {
        return digest.hex() + SUFFIX;
    }

    static boolean isImage(String file) {
        return IMAGE.matcher(file).matches();
    }

    static Digest imageOf(String file) {
        return Digest.ofHex(DigestAlgorithm.SHA256, file);
    }

    /** Blocks and parts of the index. */
    static String block(Digest digest) {
        return digest.hex();
    }

    /** Returns whether a path has the form of {@link #block}. */
    static boolean isBlock(String path) {
        return BLOCK.matcher(path).matches();
    }
}
