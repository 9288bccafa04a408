package org.netloop.engine.read;

import org.netloop.api.block.Block;
import org.netloop.api.block.DerivedName;
import org.netloop.api.block.Digest;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.block.Verification;

import java.net.URI;

/**
 * Names of a repository's blocks in the caches, which all volumes share: a key contains everything
 * that the bytes depend on, so that no image changes what another one reads. Thread-safe.
 *
 * <table>
 * <caption>Keys</caption>
 * <tr><td>plain bytes</td><td>the {@linkplain Block#identity identity} of the block</td></tr>
 * <tr><td>stored bytes named by their own digest</td><td>that digest: they are compared with it
 *     each time they are taken from the cache</td></tr>
 * <tr><td>stored bytes named otherwise</td><td>a name of key, codec, and where they lie</td></tr>
 * <tr><td>anything named by a digest whose collisions can be made</td><td>the same, and the
 *     repository: only who publishes there may have made one</td></tr>
 * </table>
 */
public final class CacheKeys {
    private final String repository;

    /**
     * @param repository names it, whatever mirrors serve it
     */
    public CacheKeys(URI repository) {
        this.repository = repository.toString();
    }

    /** The key of the plain bytes of a block that is no hole. */
    public Digest plain(Block block, StoredBlock stored) {
        Digest identity = block.identity();
        return stored.key().algorithm().resistsCollisions()
                ? identity
                : ofThisRepository(DerivedName.of("plain block of a repository").with(identity));
    }

    /** The key of stored bytes. */
    public Digest stored(StoredBlock block) {
        boolean strong = block.key().algorithm().resistsCollisions();
        if (strong && block.verification() == Verification.STORED) {
            return block.key();
        }
        DerivedName name = block.named("stored block");
        return strong ? name.digest() : ofThisRepository(name);
    }

    /** The key of a document as it was last seen, which nothing vouches for. */
    Digest lastSeen(String path) {
        return ofThisRepository(DerivedName.of("document as last seen").with(path));
    }

    /** The key of the first bytes of a document as they were last seen. */
    Digest lastSeenHead(String path) {
        return ofThisRepository(DerivedName.of("head of a document as last seen").with(path));
    }

    private Digest ofThisRepository(DerivedName name) {
        return name.with(repository).digest();
    }
}
