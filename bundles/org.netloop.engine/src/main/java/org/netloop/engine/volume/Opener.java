package org.netloop.engine.volume;

import org.jspecify.annotations.Nullable;
import org.netloop.api.codec.Codec;
import org.netloop.api.index.Index;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.index.ObjectReader;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    /** The bytes an entry object is recognised by, or what kept them from being read. */
    private record Head(@Nullable ByteBuffer bytes, @Nullable FetchException failure) {}

    OpenedVolume open(VolumeSpec spec) throws IOException, InterruptedException {
        Counters counters = new Counters();
        MirrorSet mirrors = new MirrorSet(bases(spec));
        Fetcher fetcher =
                new Fetcher(
                        mirrors,
                        transports,
                        policies,
                        spec.patience().dividedBy(ATTEMPTS_IN_A_READ));
        StoredBlocks stored =
                new StoredBlocks(storedCache, fetcher, new Decoder(codecs, grace), counters);
        MirrorObjects objects =
                new MirrorObjects(
                        spec.reference().repository(),
                        fetcher,
                        stored,
                        storedCache,
                        spec.patience());
        Index index = openIndex(spec.reference(), objects, mirrors);
        BlockReader reader =
                new BlockReader(
                        spec.name(), index, plainCache, stored, buffers, counters, spec.patience());
        LOG.info(
                "volume {} is open: {} ({})",
                spec.name(),
                spec.reference(),
                index.image().digest());
        return new OpenedVolume(spec, index, mirrors, reader, counters, this::policy);
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
    private Index openIndex(Reference reference, MirrorObjects objects, MirrorSet mirrors)
            throws IOException, InterruptedException {
        for (int left = mirrors.all().size() - 1; ; left--) {
            try {
                return openIndex(reference, objects);
            } catch (FetchException e) {
                URI source = objects.lastSource();
                if (left <= 0 || source == null) {
                    throw e;
                }
                LOG.warn("{} leads nowhere, the next mirror is asked: {}", source, e.getMessage());
                mirrors.distrust(
                        source,
                        new FetchException.Corrupt(source + " leads nowhere: " + e.getMessage()));
            }
        }
    }

    private Index openIndex(Reference reference, ObjectReader objects)
            throws IOException, InterruptedException {
        Map<String, Head> heads = new LinkedHashMap<>();
        for (String id : formats.keys()) {
            try (Use<IndexFormat> use = formats.enter(id)) {
                if (use == null) {
                    continue;
                }
                String entry = use.service().entry(reference);
                Head head = heads.get(entry);
                if (head == null) {
                    head = head(objects, entry);
                    heads.put(entry, head);
                }
                if (head.bytes() != null && use.service().recognises(head.bytes().duplicate())) {
                    return use.service().open(reference, objects);
                }
            }
        }
        throw notRecognised(reference, heads);
    }

    private static Head head(ObjectReader objects, String entry) throws InterruptedException {
        try {
            return new Head(objects.read(entry, 0, IndexFormat.HEAD_LENGTH), null);
        } catch (FetchException e) {
            return new Head(null, e);
        }
    }

    private FetchException notRecognised(Reference reference, Map<String, Head> heads) {
        List<String> reasons = new ArrayList<>();
        FetchException failure = null;
        for (Map.Entry<String, Head> head : heads.entrySet()) {
            FetchException why = head.getValue().failure();
            failure = why == null ? failure : why;
            reasons.add(
                    why == null
                            ? head.getKey() + " is of no installed format"
                            : String.valueOf(why.getMessage()));
        }
        String message =
                "no image at "
                        + reference
                        + ": "
                        + String.join("; ", reasons)
                        + " (formats installed: "
                        + formats.keys()
                        + ")";
        return switch (failure) {
            case FetchException.Missing e -> new FetchException.Missing(message, e);
            case FetchException.Denied e -> new FetchException.Denied(message, e);
            case FetchException.Unavailable e ->
                    new FetchException.Unavailable(message, e, e.retryAfter());
            case FetchException.Corrupt e -> new FetchException.Corrupt(message, e);
            case FetchException.Unsupported _ -> new FetchException.Unsupported(message);
            case null -> new FetchException.Unsupported(message);
        };
    }
}
