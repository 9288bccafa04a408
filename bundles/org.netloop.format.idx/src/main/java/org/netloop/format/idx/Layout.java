package org.netloop.format.idx;

import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.index.Reference;

import java.util.regex.Pattern;

/** Which object is called what: all lie in one directory, as in the paper. */
final class Layout {
    static final String SUFFIX = ".idx";
    private static final String STANDARD = "index";
    private static final Pattern IMAGE = Pattern.compile("[0-9a-f]{64}");

    private Layout() {}

    static String channel(String name) {
        return (name.equals(Reference.STANDARD_CHANNEL) ? STANDARD : name) + SUFFIX;
    }

    /** Whether a channel may be called so: its file would be nobody else's. */
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
}
