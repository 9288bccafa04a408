package org.netloop.engine.volume;

import org.netloop.api.block.Verification;
import org.netloop.api.codec.Codec;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.Index;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.index.Reference;
import org.netloop.api.mirror.MirrorPolicy;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Transport;
import org.netloop.api.volume.Volumes.VolumeSpec;
import org.netloop.engine.fetch.Fetcher;
import org.netloop.engine.fetch.MirrorSet;
import org.netloop.engine.lease.Backends;
import org.netloop.engine.lease.Use;
import org.netloop.engine.read.BlockReader;
import org.netloop.engine.read.BufferPool;
import org.netloop.engine.read.CacheTier;
import org.netloop.engine.read.Counters;
import org.netloop.engine.read.Decoder;
import org.netloop.engine.read.MirrorObjects;
import org.netloop.engine.read.StoredBlocks;
import org.netloop.engine.read.Versions;
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
        CacheTier plainCache,
        CacheTier storedCache,
        BufferPool buffers,
        Duration grace) {
    private static final Logger LOG = LoggerFactory.getLogger(Opener.class);

    /** A mirror that says nothing is given up early enough for the others to be asked in time. */
    private static final int ATTEMPTS_IN_A_READ = 3;

    OpenedVolume open(VolumeSpec spec) throws IOException, InterruptedException {
        Counters counters = new Counters();
        MirrorSet mirrors = new MirrorSet(bases(spec));
        Fetcher fetcher =
                new Fetcher(
                        mirrors,
                        transports,
                        policies,
                        spec.patience().dividedBy(ATTEMPTS_IN_A_READ));
        Versions versions = new Versions(spec.reference().repository());
        StoredBlocks stored =
                new StoredBlocks(
                        storedCache, fetcher, new Decoder(codecs, grace), versions, counters);
        MirrorObjects objects =
                new MirrorObjects(
                        spec.reference().repository(),
                        fetcher,
                        stored,
                        storedCache,
                        versions,
                        spec.patience());
        Index index = openIndex(spec.reference(), objects, versions, mirrors);
        BlockReader reader =
                new BlockReader(
                        spec.name(), index, plainCache, stored, buffers, counters, spec.patience());
        announce(spec, index.image());
        return new OpenedVolume(spec, index, mirrors, reader, counters, this::policy);
    }

    private static void announce(VolumeSpec spec, ImageInfo image) {
        LOG.info("volume {} is open: {} ({})", spec.name(), spec.reference(), image.digest());
        if (image.verification() == Verification.NONE) {
            LOG.warn(
                    "volume {} is a file of format {} read in place; verified is {}",
                    spec.name(),
                    image.format(),
                    image.verification().meaning());
        }
    }

    static List<URI> bases(VolumeSpec spec) {
        return bases(spec.reference(), spec.mirrors());
    }

    static List<URI> bases(Reference reference, List<URI> mirrors) {
        return Stream.concat(Stream.of(reference.repository()), mirrors.stream()).toList();
    }

    private String policy() {
        try (Use<MirrorPolicy> use = policies.enter(Fetcher.ANY_POLICY)) {
            return use == null ? "configured order" : use.service().id();
        }
    }

    /**
     * Nothing vouches for the first object of an image but that the rest can be had. If it cannot,
     * the next mirror may have another one.
     */
    private Index openIndex(
            Reference reference, MirrorObjects objects, Versions versions, MirrorSet mirrors)
            throws IOException, InterruptedException {
        for (int left = mirrors.all().size() - 1; ; left--) {
            try {
                return new Recognition(formats, reference, objects, mirrors).open();
            } catch (FetchException e) {
                URI source = objects.lastSource();
                if (left <= 0 || source == null) {
                    throw e;
                }
                LOG.warn("{} leads nowhere, the next mirror is asked: {}", source, e.getMessage());
                versions.forget();
                mirrors.distrust(source, source + " leads nowhere: " + e.getMessage());
            }
        }
    }
}
