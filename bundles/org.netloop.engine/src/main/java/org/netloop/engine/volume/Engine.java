package org.netloop.engine.volume;

import static org.osgi.service.component.annotations.ReferenceCardinality.MULTIPLE;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;

import org.jspecify.annotations.Nullable;
import org.netloop.api.cache.BlockCache;
import org.netloop.api.codec.Codec;
import org.netloop.api.file.StateHome;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.mirror.MirrorPolicy;
import org.netloop.api.profile.ProfileFormat;
import org.netloop.api.status.Report;
import org.netloop.api.status.Reporter;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Transport;
import org.netloop.api.volume.Volumes;
import org.netloop.engine.fetch.Fetcher;
import org.netloop.engine.lease.BackendState;
import org.netloop.engine.lease.Backends;
import org.netloop.engine.lease.Origins;
import org.netloop.engine.read.BufferPool;
import org.netloop.engine.read.CacheTier;
import org.netloop.engine.read.MapMemory;
import org.netloop.engine.trust.LastSeen;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Knows the backends that are there now, and opens volumes over them. Backends come and go while
 * volumes are read: none of them is a reason to rebuild anything here.
 */
@Component(
        service = {Volumes.class, Engine.class, Reporter.class},
        configurationPid = "org.netloop.engine")
@Designate(ocd = Engine.Config.class)
public final class Engine implements Volumes, Reporter {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    private static final int FETCHES_AHEAD = 128;
    private static final String CHANNELS = "channels";
    private static final long PAUSE_MS = 2_000;
    private static final long MAP_BYTES = 64 << 20;

    @ObjectClassDefinition(name = "Engine", description = "Shared by all volumes")
    @interface Config {
        @AttributeDefinition(
                name = "Buffers (MiB)",
                min = "4",
                description =
                        "Bounds the memory of all blocks under way; readers beyond it wait their"
                                + " turn")
        int buffers_mib() default 64;

        @AttributeDefinition(
                name = "Maps (MiB)",
                min = "4",
                description =
                        "Bounds the memory that the maps (manifests) of all open volumes may take;"
                                + " a volume whose map finds no room is not opened. 1 TiB in blocks"
                                + " of 256 KiB takes 1")
        int maps_mib() default 64;

        @AttributeDefinition(
                name = "Grace period (ms)",
                min = "0",
                description =
                        "How long a leaving backend is kept for operations inside it, and how long"
                                + " new ones wait for its successor")
        int grace_ms() default 10_000;

        @AttributeDefinition(
                name = "Fetches ahead",
                min = "4",
                description =
                        "How many fetches of a volume may be under way at a time before more is"
                                + " fetched that nobody has asked for; fewer where the link carries"
                                + " fewer")
        int fetches_ahead() default FETCHES_AHEAD;

        @AttributeDefinition(
                name = "State directory",
                description =
                        "Where it is remembered which channels were accepted, so that an older one"
                                + " is refused; empty for netloop/channels in $XDG_STATE_HOME or"
                                + " ~/.local/state")
        String state_directory() default "";
    }

    private final Backends<Transport> transports;
    private final Backends<Codec> codecs;
    private final Backends<BlockCache> caches;
    private final Backends<MirrorPolicy> policies;
    private final Backends<IndexFormat> formats;
    private final Backends<ProfileFormat> profiles;
    private final Opener opener;

    /** By Declarative Services. */
    @Activate
    public Engine(BundleContext context, Config config) {
        this(
                config.buffers_mib() * (1L << 20),
                config.maps_mib() * (1L << 20),
                Duration.ofMillis(config.grace_ms()),
                config.fetches_ahead(),
                new LastSeen(
                        config.state_directory().isBlank()
                                ? StateHome.of(System.getenv(), CHANNELS)
                                : Path.of(config.state_directory())),
                new BundleNames(context));
    }

    /** With as many fetches ahead as by default. */
    public Engine(long bufferBytes, Duration grace) {
        this(bufferBytes, grace, FETCHES_AHEAD);
    }

    /**
     * @param bufferBytes bounds the memory of all blocks under way
     * @param grace how long operations wait for a successor of a backend that left
     * @param fetchesAhead how many fetches of a volume may be under way at a time before more is
     *     fetched that nobody has asked for
     */
    public Engine(long bufferBytes, Duration grace, int fetchesAhead) {
        this(bufferBytes, MAP_BYTES, grace, fetchesAhead, new LastSeen(null), Origins.classes());
    }

    private Engine(
            long bufferBytes,
            long mapBytes,
            Duration grace,
            int fetchesAhead,
            LastSeen lastSeen,
            Origins origins) {
        transports = new Backends<>("transport", grace, origins);
        codecs = new Backends<>("codec", grace, origins);
        caches = new Backends<>("cache", grace, origins);
        policies = new Backends<>("mirror policy", grace, origins);
        formats = new Backends<>("index format", grace, origins);
        profiles = new Backends<>("profile format", grace, origins);
        opener =
                new Opener(
                        transports,
                        codecs,
                        policies,
                        formats,
                        profiles,
                        new CacheTier(BlockCache.TIER_PLAIN, caches),
                        new CacheTier(BlockCache.TIER_STORED, caches),
                        new BufferPool(bufferBytes),
                        new MapMemory(mapBytes),
                        lastSeen,
                        grace,
                        fetchesAhead);
    }

    /** Gives the memory of buffers back to the system. */
    @Deactivate
    void stop() {
        opener.buffers().clear();
    }

    @Reference(cardinality = MULTIPLE, policy = DYNAMIC)
    public void bindTransport(Transport transport, Map<String, Object> properties) {
        transports.bind(transport, strings(properties.get(Transport.SCHEMES)), properties);
    }

    public void unbindTransport(Transport transport) {
        transports.unbind(transport);
    }

    @Reference(cardinality = MULTIPLE, policy = DYNAMIC)
    public void bindCodec(Codec codec, Map<String, Object> properties) {
        codecs.bind(codec, Set.of(codec.id()), properties);
    }

    public void unbindCodec(Codec codec) {
        codecs.unbind(codec);
    }

    @Reference(cardinality = MULTIPLE, policy = DYNAMIC)
    public void bindCache(BlockCache cache, Map<String, Object> properties) {
        caches.bind(cache, strings(properties.get(BlockCache.TIER)), properties);
    }

    public void unbindCache(BlockCache cache) {
        caches.unbind(cache);
    }

    @Reference(cardinality = MULTIPLE, policy = DYNAMIC)
    public void bindPolicy(MirrorPolicy policy, Map<String, Object> properties) {
        policies.bind(policy, Set.of(Fetcher.ANY_POLICY), properties);
    }

    public void unbindPolicy(MirrorPolicy policy) {
        policies.unbind(policy);
    }

    @Reference(cardinality = MULTIPLE, policy = DYNAMIC)
    public void bindFormat(IndexFormat format, Map<String, Object> properties) {
        formats.bind(format, Set.of(format.id()), properties);
    }

    public void unbindFormat(IndexFormat format) {
        formats.unbind(format);
    }

    @Reference(cardinality = MULTIPLE, policy = DYNAMIC)
    public void bindProfiles(ProfileFormat format, Map<String, Object> properties) {
        profiles.bind(format, Set.of(ProfileSearch.ANY), properties);
    }

    public void unbindProfiles(ProfileFormat format) {
        profiles.unbind(format);
    }

    /** How all backends do, for a status. */
    public List<BackendState> backends() {
        return Stream.of(transports, codecs, caches, policies, formats, profiles)
                .flatMap(kind -> kind.states().stream())
                .toList();
    }

    private static Set<String> strings(@Nullable Object property) {
        return switch (property) {
            case String one -> Set.of(one);
            case String[] several -> Set.copyOf(Arrays.asList(several));
            case Collection<?> several ->
                    several.stream().map(String::valueOf).collect(Collectors.toUnmodifiableSet());
            case null, default -> Set.of();
        };
    }

    @Override
    public List<Report> reports() {
        return backends().stream().map(Engine::report).toList();
    }

    private static Report report(BackendState state) {
        Report.State is =
                state.condition() == BackendState.Condition.WELL
                        ? Report.State.GOOD
                        : Report.State.QUARANTINED;
        String last = state.lastFault() == null ? "" : state.lastFault();
        return new Report(
                state.kind(),
                String.join(", ", new TreeSet<>(state.keys())) + " of " + state.origin(),
                is,
                is == Report.State.GOOD ? "" : last,
                0,
                Map.of(
                        "bundle", state.bundle(),
                        "inside", state.inside(),
                        "faults", state.faults(),
                        "last-fault", last));
    }

    @Override
    public OpenVolume open(VolumeSpec spec) throws IOException, InterruptedException {
        while (true) {
            try {
                return opener.open(spec, Opener.bases(spec));
            } catch (FetchException.Unavailable e) {
                if (!spec.patience().equals(VolumeSpec.FOR_EVER)) {
                    throw e;
                }
                LOG.warn("volume {} goes on to wait: {}", spec.name(), e.getMessage());
            }
            Thread.sleep(PAUSE_MS);
        }
    }

    /** As {@link #open}, over these mirrors alone. */
    OpenedVolume openVolume(VolumeSpec spec, List<URI> mirrors)
            throws IOException, InterruptedException {
        return opener.open(spec, mirrors);
    }
}
