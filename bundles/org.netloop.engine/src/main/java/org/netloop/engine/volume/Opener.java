package org.netloop.engine.volume;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Verification;
import org.netloop.api.codec.Codec;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.Index;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.message.Secrets;
import org.netloop.api.mirror.MirrorPolicy;
import org.netloop.api.profile.ProfileFormat;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Transport;
import org.netloop.api.volume.Volumes.Prefetch;
import org.netloop.api.volume.Volumes.VolumeSpec;
import org.netloop.engine.ahead.Prefetcher;
import org.netloop.engine.fetch.Fetcher;
import org.netloop.engine.fetch.MirrorSet;
import org.netloop.engine.fetch.Patience;
import org.netloop.engine.fetch.Roots;
import org.netloop.engine.lease.BackendException;
import org.netloop.engine.lease.Backends;
import org.netloop.engine.lease.Use;
import org.netloop.engine.read.BlockReader;
import org.netloop.engine.read.BufferPool;
import org.netloop.engine.read.CacheKeys;
import org.netloop.engine.read.CacheTier;
import org.netloop.engine.read.Counters;
import org.netloop.engine.read.Decoder;
import org.netloop.engine.read.EarlyFlights;
import org.netloop.engine.read.MapMemory;
import org.netloop.engine.read.MirrorObjects;
import org.netloop.engine.read.PackFlights;
import org.netloop.engine.read.StoredBlocks;
import org.netloop.engine.read.Versions;
import org.netloop.engine.read.Watch;
import org.netloop.engine.trust.LastSeen;
import org.netloop.engine.trust.Trust;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Finds the format of what a reference names, and puts a volume together over the backends. */
record Opener(
        Backends<Transport> transports,
        Backends<Codec> codecs,
        Backends<MirrorPolicy> policies,
        Backends<IndexFormat> formats,
        Backends<ProfileFormat> profiles,
        CacheTier plainCache,
        CacheTier storedCache,
        BufferPool buffers,
        MapMemory maps,
        LastSeen lastSeen,
        Duration grace,
        int fetchesAhead) {
    private static final Logger LOG = LoggerFactory.getLogger(Opener.class);

    private static final String CONFIGURED_ORDER = "configured order";

    OpenedVolume open(VolumeSpec spec, List<URI> bases) throws IOException, InterruptedException {
        MapMemory.Account memory = maps.account();
        OpenedVolume opened = null;
        try {
            opened = open(spec, bases, memory);
            return opened;
        } finally {
            if (opened == null) {
                memory.close();
            }
        }
    }

    private OpenedVolume open(VolumeSpec spec, List<URI> bases, MapMemory.Account memory)
            throws IOException, InterruptedException {
        Counters counters = new Counters();
        MirrorSet mirrors = new MirrorSet(bases);
        Patience patience = new Patience(spec.patience());
        Fetcher fetcher = new Fetcher(mirrors, transports, policies, patience.ofAttempt());
        Versions versions = new Versions(spec.reference().repository());
        CacheKeys keys = new CacheKeys(spec.reference().repository());
        StoredBlocks stored =
                new StoredBlocks(
                        storedCache, fetcher, new Decoder(codecs, grace), versions, keys, counters);
        MirrorObjects objects =
                new MirrorObjects(
                        spec.reference().repository(),
                        fetcher,
                        new Roots(mirrors, fetcher),
                        new Trust(
                                lastSeen,
                                spec.reference().repository(),
                                spec.opening().acceptOlder()),
                        stored,
                        storedCache,
                        keys,
                        versions,
                        memory,
                        patience);
        Recognition.Found found = openIndex(spec, objects, versions, mirrors, memory);
        LiveIndex index =
                new LiveIndex(spec.name(), spec.reference(), objects, formats, patience.ofRead());
        try {
            index.take(found);
        } catch (BackendException e) {
            throw new FetchException.Corrupt(spec.reference() + ": " + e.getMessage(), e);
        }
        objects.accepted();
        memory.opened();
        Prefetcher prefetcher = prefetcher(spec, index, counters);
        BufferPool.Share share = buffers.share();
        BlockReader reader =
                new BlockReader(
                        spec.name(),
                        index,
                        plainCache,
                        keys,
                        stored,
                        share,
                        counters,
                        patience,
                        prefetcher == null ? Watch.NOBODY : prefetcher);
        announce(spec, index.image());
        if (prefetcher != null) {
            EarlyFlights early =
                    new EarlyFlights(
                            reader, share, plainCache, keys, stored, counters, patience.ofErrand());
            prefetcher.start(
                    early, new PackFlights(reader, share, early, stored, patience.ofErrand()));
            follow(spec, index.image(), objects, prefetcher);
        }
        return new OpenedVolume(
                spec, index, mirrors, reader, counters, this::policy, prefetcher, memory);
    }

    private @Nullable Prefetcher prefetcher(VolumeSpec spec, Index index, Counters counters) {
        return spec.prefetch().equals(Prefetch.NONE)
                ? null
                : new Prefetcher(spec.name(), spec.prefetch(), index, counters, fetchesAhead);
    }

    private void follow(
            VolumeSpec spec, ImageInfo image, MirrorObjects objects, Prefetcher prefetcher) {
        String name = spec.prefetch().profile();
        if (!name.isEmpty()) {
            ProfileSearch search = new ProfileSearch(spec.name(), image, profiles, objects, grace);
            prefetcher.follow(() -> search.find(name));
        }
    }

    private static void announce(VolumeSpec spec, ImageInfo image) {
        LOG.info(
                "volume {} is open: {} ({})",
                spec.name(),
                Secrets.hide(spec.reference().toString()),
                image.digest());
        if (image.verification() == Verification.NONE) {
            LOG.warn(
                    "volume {} is a file of format {} read in place; verified is {}",
                    spec.name(),
                    image.format(),
                    image.verification().meaning());
        }
    }

    static List<URI> bases(VolumeSpec spec) {
        return Stream.concat(Stream.of(spec.reference().repository()), spec.mirrors().stream())
                .toList();
    }

    private String policy() {
        try (Use<MirrorPolicy> use = policies.enterIfWell(Fetcher.ANY_POLICY)) {
            return use == null ? CONFIGURED_ORDER : use.call(MirrorPolicy::id);
        } catch (BackendException _) {
            // It was counted and told.
            return CONFIGURED_ORDER;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return CONFIGURED_ORDER;
        }
    }

    /**
     * Nothing vouches for the first object of an image but that the rest can be had. If it cannot,
     * the next mirror may have another one.
     */
    private Recognition.Found openIndex(
            VolumeSpec spec,
            MirrorObjects objects,
            Versions versions,
            MirrorSet mirrors,
            MapMemory.Account memory)
            throws IOException, InterruptedException {
        for (int left = mirrors.all().size() - 1; ; left--) {
            try {
                return open(spec, new Recognition(formats, spec.reference(), objects, mirrors));
            } catch (FetchException.Untrusted e) {
                // All mirrors were asked for their root.
                throw e;
            } catch (FetchException e) {
                URI source = objects.lastSource();
                if (left <= 0 || source == null || memory.wasRefused()) {
                    throw e;
                }
                String why = Secrets.hide(source) + " leads nowhere: " + e.getMessage();
                LOG.warn("the next mirror is asked: {}", why);
                versions.forget();
                memory.restart();
                mirrors.distrust(source, why);
            }
        }
    }

    private Recognition.Found open(VolumeSpec spec, Recognition recognition)
            throws FetchException, InterruptedException {
        String format = spec.opening().format();
        return format.isEmpty() ? recognition.open() : recognition.openBy(format, grace);
    }
}
