package org.netloop.transport.s3;

import org.netloop.api.transport.FetchException;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * Location of an object, {@code s3://bucket/key}, or of a directory if the key is empty or ends in
 * a slash.
 *
 * @param bucket the bucket's name
 * @param key without a slash at its start
 */
record Location(String bucket, String key) {

    /**
     * Reads a URI.
     *
     * @throws FetchException.Unsupported if it has no bucket, or something that it should not
     */
    static Location of(URI uri) throws FetchException.Unsupported {
        String bucket = uri.getAuthority();
        if (uri.getRawUserInfo() != null || (bucket != null && bucket.indexOf('@') >= 0)) {
            // It may be a key: whoever is told of it here must not see it.
            throw new FetchException.Unsupported(
                    "a URI of s3 has no user and no key in it: give them as AWS_ACCESS_KEY_ID and"
                            + " AWS_SECRET_ACCESS_KEY or in ~/.aws/credentials");
        }
        if (bucket == null || !bucket.matches("[A-Za-z0-9][A-Za-z0-9._-]{1,254}")) {
            throw new FetchException.Unsupported(
                    "'" + uri + "' names no bucket: expected s3://bucket/prefix");
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new FetchException.Unsupported(
                    "'" + uri + "' has a query or a fragment: expected s3://bucket/prefix");
        }
        String path = uri.getPath();
        return new Location(bucket, path.startsWith("/") ? path.substring(1) : path);
    }

    /** The same as a place of several: with a slash at its end, unless it is the bucket itself. */
    Location asDirectory() {
        return key.isEmpty() || key.endsWith("/") ? this : new Location(bucket, key + "/");
    }

    /** An object below it. */
    Location resolve(String path) {
        return new Location(bucket, key + path);
    }

    /** Returns whether it names a directory. */
    boolean isDirectory() {
        return key.isEmpty() || key.endsWith("/");
    }

    /** Returns the location as a URI. */
    URI uri() {
        try {
            return new URI("s3", bucket, "/" + key, null, null);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e); // it came out of one
        }
    }

    @Override
    public String toString() {
        return "s3://" + bucket + "/" + key;
    }
}
