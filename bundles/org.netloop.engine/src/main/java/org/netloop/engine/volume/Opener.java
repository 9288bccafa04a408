package org.netloop.engine.volume;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Verification;
import org.netloop.api.codec.Codec;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.message.Secrets;
import org.netloop.api.mirror.MirrorPolicy;
import org.netloop.api.mirror.MirroredRepository;
import org.netloop.api.profile.ProfileFormat;
import org.netloop.api.status.Report;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Transport;
import org.netloop.api.volume.Volumes.Prefetch;
import org.netloop.api.volume.Volumes.VolumeSpec;
import org.netloop.engine.ahead.Lookout;
import org.netloop.engine.ahead.Prefetcher;
import org.netloop.engine.fetch.Fetcher;
import org.netloop.engine.fetch.MirrorSet;
import org.netloop.engine.fetch.RootMemory;
import org.netloop.engine.fetch.Roots;
import org.netloop.engine.lease.BackendException;
import org.netloop.engine.lease.Backends;
import org.netloop.engine.lease.Use;
import org.netloop.engine.read.BlockReader;
import org.netloop.engine.read.BufferPool;
import org.netloop.engine.read.CacheKeys;
import org.netloop.engine.read.CacheTier;
import org.netloop.engine.read.Checks;
import org.netloop.engine.read.Counters;
import org.netloop.engine.read.Decoder;
import org.netloop.engine.read.DemandFlights;
import org.netloop.engine.read.EarlyFlights;
import org.netloop.engine.read.Flights;
import org.netloop.engine.read.MapMemory;
import org.netloop.engine.read.MirrorObjects;
import org.netloop.engine.read.PackFlights;
import org.netloop.engine.read.PlainCache;
import org.netloop.engine.read.Rebuilder;
import org.netloop.engine.read.RebuiltBlocks;
import org.netloop.engine.read.SeenRoots;
import org.netloop.engine.read.SharedObjects;
import org.netloop.engine.read.StoredBlocks;
import org.netloop.engine.read.StoredTiers;
import org.netloop.engine.read.Versions;
import org.netloop.engine.read.Watch;
import org.netloop.engine.retry.Deadline;
import org.netloop.engine.retry.RetryPolicy;
import org.netloop.engine.trust.LastSeen;
import org.netloop.engine.trust.Policies;
import org.netloop.engine.trust.Signatures;
import org.netloop.engine.trust.Time;
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
        StoredTiers storedCaches,
        BufferPool buffers,
        MapMemory maps,
        LastSeen lastSeen,
        RootMemory roots,
        Time time,
        Policies trusts,
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
        RetryPolicy policy = new RetryPolicy(spec.patience());
        Fetcher fetcher = new Fetcher(mirrors, transports, policies, policy.ofAttempt());
        Versions versions = new Versions(spec.reference().repository());
        CacheKeys keys = new CacheKeys(spec.reference().repository());
        Checks checks = new Checks(new Decoder(codecs, grace), versions, counters);
        StoredBlocks stored = new StoredBlocks(storedCaches, keys, counters, checks, fetcher);
        MirrorObjects objects =
                new MirrorObjects(
                        spec.reference().repository(),
                        fetcher,
                        new Roots(mirrors, fetcher, roots, Duration.ZERO),
                        trust(spec),
                        stored,
                        storedCaches.own(),
                        keys,
                        versions,
                        memory,
                        policy);
        Recognition.Found found = openIndex(spec, objects, versions, mirrors, memory);
        LiveIndex index = accepted(spec, objects, found, policy);
        memory.opened();
        RebuiltBlocks rebuilt = new RebuiltBlocks(storedCaches.own(), keys, checks, codecs, grace);
        stored.rebuildBy(new Rebuilder(index, index, rebuilt, counters));
        Line line = line(spec, index, objects, new Stored(stored, keys, counters), policy);
        return new OpenedVolume(
                spec,
                index,
                objects.seen(),
                mirrors,
                line.reader(),
                counters,
                this::policy,
                line.prefetcher(),
                memory);
    }

    /** The stored blocks of a volume, and what they are found and counted by. */
    private record Stored(StoredBlocks blocks, CacheKeys keys, Counters counters) {}

    /** The reader of a volume, and what fetches ahead of it; null if nothing does. */
    private record Line(BlockReader reader, @Nullable Prefetcher prefetcher) {}

    private Line line(
            VolumeSpec spec,
            LiveIndex index,
            MirrorObjects objects,
            Stored stored,
            RetryPolicy policy) {
        Lookout lookout = new Lookout(index, spec.prefetch(), fetchesAhead);
        boolean looksAhead = !spec.prefetch().equals(Prefetch.NONE);
        Watch watch = looksAhead ? lookout : Watch.NOBODY;
        PlainCache plain = new PlainCache(plainCache, stored.keys());
        BufferPool.Share share = buffers.share();
        Flights flights = new Flights(spec.name());
        DemandFlights demand =
                new DemandFlights(flights, plain, stored.blocks(), share, policy, watch);
        BlockReader reader =
                new BlockReader(
                        spec.name(), index, plain, flights, demand, stored.counters(), policy);
        if (!looksAhead) {
            return new Line(reader, null);
        }
        EarlyFlights.Means means =
                new EarlyFlights.Means(share, stored.counters(), watch, policy.ofErrand());
        EarlyFlights early = new EarlyFlights(flights, demand, plain, stored.blocks(), means);
        PackFlights packs = new PackFlights(flights, early, stored.blocks(), means);
        return new Line(
                reader, begin(spec, index, lookout, new Prefetcher.Means(early, packs), objects));
    }

    /**
     * Looks whether the roots that led to an image still lead there.
     *
     * @param mostAge what a mirror answered to anybody within this time is not asked again
     * @throws FetchException if no mirror has them, or they are not to be believed any more
     */
    boolean leadsThere(SeenRoots seen, VolumeSpec spec, List<URI> bases, Duration mostAge)
            throws IOException, InterruptedException {
        RetryPolicy policy = new RetryPolicy(spec.patience());
        MirrorSet mirrors = new MirrorSet(bases);
        Fetcher fetcher = new Fetcher(mirrors, transports, policies, policy.ofAttempt());
        return seen.areThere(
                new Roots(mirrors, fetcher, roots, mostAge),
                trust(spec),
                Deadline.in(policy.ofErrand()));
    }

    /** Opens a repository for those who pass its objects on. */
    MirroredRepository repository(List<URI> bases, Duration patience) {
        RetryPolicy policy = new RetryPolicy(patience);
        MirrorSet mirrors = new MirrorSet(bases);
        return new SharedObjects(
                new Fetcher(mirrors, transports, policies, policy.ofAttempt()),
                storedCaches.own(),
                policy.ofErrand());
    }

    /** Takes an index that was found, and accepts its image for good. */
    private LiveIndex accepted(
            VolumeSpec spec, MirrorObjects objects, Recognition.Found found, RetryPolicy policy)
            throws IOException, InterruptedException {
        // Before the index is taken, which then follows its format.
        objects.requireSigned();
        LiveIndex index =
                new LiveIndex(spec.name(), spec.reference(), objects, formats, policy.ofRead());
        try {
            index.take(found);
        } catch (BackendException e) {
            throw new FetchException.Corrupt(spec.reference() + ": " + e.getMessage(), e);
        }
        objects.accepted();
        return index;
    }

    private Prefetcher begin(
            VolumeSpec spec,
            LiveIndex index,
            Lookout lookout,
            Prefetcher.Means means,
            MirrorObjects objects) {
        return Prefetcher.begin(
                spec.name(),
                index,
                spec.prefetch(),
                lookout,
                means,
                search(spec, index.image(), objects));
    }

    /** Returns the reports of all tiers of caches, as far as there are caches. */
    Stream<Report> cacheReports() {
        return Stream.of(plainCache, storedCaches.own(), storedCaches.shared())
                .flatMap(CacheReports::of);
    }

    private Trust trust(VolumeSpec spec) throws IOException, InterruptedException {
        return new Trust(
                lastSeen,
                time,
                new Signatures(trusts.verifiers(), trusts.of(spec.trust()), grace),
                spec.reference().repository(),
                spec.opening().acceptOlder());
    }

    private Prefetcher.Search search(VolumeSpec spec, ImageInfo image, MirrorObjects objects) {
        String name = spec.prefetch().profile();
        ProfileSearch search = new ProfileSearch(spec.name(), image, profiles, objects, grace);
        return () -> name.isEmpty() ? null : search.find(name);
    }

    /** Says in the log what was opened; not each time that a channel is looked at. */
    static OpenedVolume announced(OpenedVolume volume, VolumeSpec spec) {
        ImageInfo image = volume.image();
        LOG.info(
                "volume {} is open: {} ({})",
                spec.name(),
                Secrets.hide(spec.reference().toString()),
                image.digest());
        if (image.verification() == Verification.NONE) {
            LOG.warn(
                    "volume {} is a file of format {} read in place; verified: {}",
                    spec.name(),
                    image.format(),
                    image.verification().meaning());
        }
        return volume;
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
     * Opens the index: nothing verifies the first object of an image, except that the rest of it
     * can be fetched. If it cannot, the next mirror may have another one.
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
