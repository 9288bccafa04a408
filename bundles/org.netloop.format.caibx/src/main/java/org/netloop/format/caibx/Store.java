package org.netloop.format.caibx;

import org.netloop.api.block.Digest;
import org.netloop.api.block.ObjectPath;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.transport.FetchException;

import java.net.URI;

/**
 * Location of an index's chunks: below a directory, each named by its digest, in directories named
 * by the digest's first digits.
 *
 * @param directory relative to the index as a directory, as paths of objects are
 */
record Store(String directory) {
    private static final String QUERY = "store=";
    private static final String STANDARD = "default.castr";
    private static final String BESIDE = "../";
    private static final String SUFFIX = ".cacnk";
    private static final int PREFIX = 4;

    /** Bytes that a codec may add to an incompressible chunk: to a short one, and in proportion. */
    private static final int MARGIN = 4096;

    private static final int MARGIN_SHIFT = 3;

    /**
     * The store that the query of an index's URI names, relative to the index; else the one that
     * casync takes.
     */
    static Store of(URI index) throws FetchException.Unsupported {
        String told = STANDARD;
        String query = index.getRawQuery();
        if (query != null) {
            for (String part : query.split("&", -1)) {
                told = part.startsWith(QUERY) ? part.substring(QUERY.length()) : told;
            }
        }
        String directory = told.endsWith("/") ? told.substring(0, told.length() - 1) : told;
        if (directory.isEmpty() || !ObjectPath.isInsideOrBeside(directory)) {
            throw new FetchException.Unsupported(
                    "'"
                            + told
                            + "' is not a chunk store beside "
                            + index
                            + ": a relative path is expected, as in ?store=../other.castr");
        }
        return new Store(BESIDE + directory + "/");
    }

    /** The one that casync takes. */
    static Store standard() {
        return new Store(BESIDE + STANDARD + "/");
    }

    /** A chunk of that many plain bytes. */
    StoredBlock chunk(int length, Digest digest) {
        String hex = digest.hex();
        String path = directory + hex.substring(0, PREFIX) + "/" + hex + SUFFIX;
        int most = length + (length >> MARGIN_SHIFT) + MARGIN;
        return StoredBlock.chunk(digest, length, path, most, StoredBlock.RECOGNISED);
    }

    @Override
    public String toString() {
        return directory.substring(BESIDE.length());
    }
}
