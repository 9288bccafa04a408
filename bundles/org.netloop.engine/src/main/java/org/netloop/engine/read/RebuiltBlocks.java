package org.netloop.engine.read;

import org.netloop.api.block.DerivedName;
import org.netloop.api.block.Digest;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.block.Verification;
import org.netloop.api.codec.Codec;
import org.netloop.api.codec.CodecException;
import org.netloop.api.index.Delta;
import org.netloop.api.index.DeltaBase;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.transport.FetchException;
import org.netloop.engine.lease.BackendException;
import org.netloop.engine.lease.Backends;
import org.netloop.engine.lease.Use;
import org.netloop.engine.retry.Deadline;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Rebuilt blocks in the cache of stored blocks, and the blocks they are rebuilt from. What was
 * rebuilt is encoded anew, which need not give the bytes that a publisher stored: it is named by
 * the digest of its plain bytes, and verified by that each time it is taken. Thread-safe.
 */
public final class RebuiltBlocks {
    private static final Logger LOG = LoggerFactory.getLogger(RebuiltBlocks.class);

    /** No mirror has it. */
    private static final String PATH = "rebuilt";

    private final CacheTier tier;
    private final CacheKeys keys;
    private final Checks checks;
    private final Backends<Codec> codecs;
    private final Duration grace;

    /**
     * @param tier the cache of stored blocks
     * @param grace how long a codec that left is waited for
     */
    public RebuiltBlocks(
            CacheTier tier, CacheKeys keys, Checks checks, Backends<Codec> codecs, Duration grace) {
        this.tier = tier;
        this.keys = keys;
        this.checks = checks;
        this.codecs = codecs;
        this.grace = grace;
    }

    private static Digest mark(Digest image) {
        return DerivedName.of("opened image").with(image).digest();
    }

    /** Returns whether an image was opened, as far as the cache remembers. */
    boolean wasOpened(Digest image) {
        return tier.contains(mark(image));
    }

    /**
     * Remembers that an image was opened if deltas can refer to it: its blocks may be in the cache
     * from now on.
     */
    void opened(ImageInfo image) {
        Digest mark = mark(image.digest());
        if (image.verification() == Verification.STORED && !tier.contains(mark)) {
            tier.put(mark, ByteBuffer.wrap(image.digest().bytes()));
        }
    }

    private static StoredBlock rebuilt(Digest plain, int length, String codec) {
        return StoredBlock.chunk(plain, length, PATH, Integer.MAX_VALUE, codec);
    }

    private static StoredBlock rebuilt(Delta delta) {
        return rebuilt(delta.plain(), delta.length(), delta.stored().codec());
    }

    /** Returns whether the block of a delta was rebuilt and is probably there. */
    boolean has(Delta delta) {
        return tier.contains(keys.stored(rebuilt(delta)));
    }

    /**
     * Returns whether a base is probably there in one of its forms.
     *
     * @param codec encodes rebuilt blocks
     */
    boolean hasBase(DeltaBase base, String codec) {
        return tier.contains(keys.stored(base.stored()))
                || tier.contains(keys.stored(rebuilt(base.plain(), base.length(), codec)));
    }

    /** Takes a block that was rebuilt before; false if it is not there. */
    boolean take(Delta delta, ByteBuffer plain) throws InterruptedException {
        return take(rebuilt(delta), plain, delta.length());
    }

    /**
     * Takes a base in either form; false if it is not there.
     *
     * @param codec encodes rebuilt blocks
     */
    boolean takeBase(DeltaBase base, ByteBuffer plain, String codec) throws InterruptedException {
        return take(base.stored(), plain, base.length())
                || take(rebuilt(base.plain(), base.length(), codec), plain, base.length());
    }

    private boolean take(StoredBlock block, ByteBuffer plain, int length)
            throws InterruptedException {
        Digest key = keys.stored(block);
        try (CacheTier.Hit hit = tier.get(key, CacheTier.ANY_LENGTH)) {
            if (hit == null) {
                return false;
            }
            checks.takes(block, plain, length, "the cache").take(hit.bytes());
            return true;
        } catch (FetchException.Corrupt _) {
            tier.remove(key);
        } catch (FetchException | BackendException e) {
            LOG.debug("block {}: {}", key.brief(), e.getMessage());
        }
        return false;
    }

    /** Waits for the codec of a delta while it is being replaced; false if there is none. */
    boolean awaitCodec(Delta delta, Deadline deadline) throws InterruptedException {
        try (Use<Codec> use = codecs.enter(delta.stored().codec(), deadline.leftAtMost(grace))) {
            return use != null;
        }
    }

    /** Decodes the verified bytes of a delta; {@code plain} is undefined if that fails. */
    void decode(Delta delta, ByteBuffer bases, ByteBuffer bytes, ByteBuffer plain)
            throws FetchException, BackendException, InterruptedException {
        String codec = delta.stored().codec();
        ByteBuffer room = plain.slice(plain.position(), delta.length());
        try (Use<Codec> use = codecs.enter(codec, grace)) {
            if (use == null) {
                throw new FetchException.Unsupported("codec " + codec + " is not installed");
            }
            use.call(
                    CodecException.class,
                    service -> {
                        service.decodeDelta(
                                bases.asReadOnlyBuffer(), bytes.asReadOnlyBuffer(), room);
                        return service;
                    });
        } catch (CodecException e) {
            throw new FetchException.Corrupt(String.valueOf(e.getMessage()), e);
        }
        plain.position(plain.position() + room.position());
    }

    /** Keeps the verified plain bytes of a delta's block. */
    void keep(Delta delta, ByteBuffer plain) throws InterruptedException {
        String id = delta.stored().codec();
        try (Use<Codec> use = codecs.enter(id)) {
            if (use == null) {
                return;
            }
            ByteBuffer encoded =
                    use.call(
                            CodecException.class,
                            codec -> {
                                ByteBuffer room =
                                        ByteBuffer.allocateDirect(
                                                codec.maxEncodedLength(plain.remaining()));
                                codec.encode(
                                        plain.asReadOnlyBuffer(), room, codec.levels().standard());
                                return room.flip();
                            });
            tier.put(keys.stored(rebuilt(delta)), encoded);
        } catch (CodecException | BackendException e) {
            LOG.debug("a rebuilt block is not kept: {}", e.getMessage());
        }
    }
}
