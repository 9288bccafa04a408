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
import org.netloop.api.trust.Verifier;
import org.netloop.api.volume.Volumes;
import org.netloop.engine.fetch.Fetcher;
import org.netloop.engine.fetch.RootMemory;
import org.netloop.engine.lease.BackendState;
import org.netloop.engine.lease.Backends;
import org.netloop.engine.lease.Origins;
import org.netloop.engine.read.BufferPool;
import org.netloop.engine.read.CacheTier;
import org.netloop.engine.read.MapMemory;
import org.netloop.engine.read.StoredTiers;
import org.netloop.engine.retry.RetryPolicy;
import org.netloop.engine.trust.LastSeen;
import org.netloop.engine.trust.Policies;
import org.netloop.engine.trust.Time;
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
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    private static final String TRUST_FILE = "/etc/netloop/trust";
    private static final String TRUST_VARIABLE = "NETLOOP_TRUST";
    private static final long MAP_BYTES = 64 << 20;

    @ObjectClassDefinition(name = "Engine", description = "Shared by all volumes")
    @interface Config {
        @AttributeDefinition(
                name = "Buffers (MiB)",
                min = "4",
                description =
                        "Memory for blocks being fetched, over all volumes, in MiB; further"
                                + " reads wait")
        int buffers_mib() default 40;

        @AttributeDefinition(
                name = "Maps (MiB)",
                min = "4",
                description =
                        "Memory for the maps (manifests) of all open volumes, in MiB; a volume"
                                + " whose map does not fit is not opened. An image of 1 TiB in blocks of"
                                + " 256 KiB takes 1 MiB")
        int maps_mib() default 40;

        @AttributeDefinition(
                name = "Grace period (ms)",
                min = "0",
                description =
                        "How long a backend that leaves is kept for operations inside it, and"
                                + " how long new operations wait for its successor, in ms")
        int grace_ms() default 10_000;

        @AttributeDefinition(
                name = "Fetches ahead",
                min = "4",
                description =
                        "Most fetches of a volume under way before prefetching pauses; fewer"
                                + " if the link carries fewer")
        int fetches_ahead() default FETCHES_AHEAD;

        @AttributeDefinition(
                name = "State directory",
                description =
                        "Directory that records the last accepted sequence of each channel, so"
                                + " that an older one is refused. Empty: netloop/channels in"
                                + " $XDG_STATE_HOME or ~/.local/state")
        String state_directory() default "";

        @AttributeDefinition(
                name = "Trust file",
                description =
                        "File that says which keys must have signed what is opened, where a volume"
                                + " or command does not; read anew at each opening, and need not"
                                + " exist. Empty: $NETLOOP_TRUST, or /etc/netloop/trust")
        String trust_file() default "";
    }

    private final Backends<Transport> transports;
    private final Backends<Codec> codecs;
    private final Backends<BlockCache> caches;
    private final Backends<MirrorPolicy> policies;
    private final Backends<IndexFormat> formats;
    private final Backends<ProfileFormat> profiles;
    private final Backends<Verifier> verifiers;
    private final Opener opener;

    /** Created by Declarative Services. */
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
                InstantSource.system(),
                trustFile(config),
                new BundleNames(context));
    }

    private static Path trustFile(Config config) {
        String said =
                config.trust_file().isBlank()
                        ? System.getenv().getOrDefault(TRUST_VARIABLE, "")
                        : config.trust_file();
        return Path.of(said.isBlank() ? TRUST_FILE : said);
    }

    /** Creates an engine with the default number of fetches ahead. */
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
        this(
                bufferBytes,
                MAP_BYTES,
                grace,
                fetchesAhead,
                new LastSeen(null),
                InstantSource.system(),
                Path.of(TRUST_FILE),
                Origins.classes());
    }

    /**
     * Creates an engine with a state directory, a clock and a default policy of trust of its own.
     */
    Engine(long bufferBytes, Duration grace, Path state, InstantSource clock, Path trustFile) {
        this(
                bufferBytes,
                MAP_BYTES,
                grace,
                FETCHES_AHEAD,
                new LastSeen(state),
                clock,
                trustFile,
                Origins.classes());
    }

    private Engine(
            long bufferBytes,
            long mapBytes,
            Duration grace,
            int fetchesAhead,
            LastSeen seen,
            InstantSource clock,
            Path trustFile,
            Origins origins) {
        transports = new Backends<>("transport", grace, origins);
        codecs = new Backends<>("codec", grace, origins);
        caches = new Backends<>("cache", grace, origins);
        policies = new Backends<>("mirror policy", grace, origins);
        formats = new Backends<>("index format", grace, origins);
        profiles = new Backends<>("profile format", grace, origins);
        verifiers = new Backends<>("signature scheme", grace, origins);
        opener =
                new Opener(
                        transports,
                        codecs,
                        policies,
                        formats,
                        profiles,
                        new CacheTier(BlockCache.TIER_PLAIN, caches),
                        new StoredTiers(
                                new CacheTier(BlockCache.TIER_STORED, caches),
                                new CacheTier(BlockCache.TIER_SHARED, caches)),
                        new BufferPool(bufferBytes),
                        new MapMemory(mapBytes),
                        seen,
                        new RootMemory(),
                        new Time(seen, clock),
                        new Policies(verifiers, trustFile, grace),
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
    public void bindVerifier(Verifier verifier, Map<String, Object> properties) {
        verifiers.bind(verifier, Set.of(verifier.scheme(), Policies.ANY), properties);
    }

    public void unbindVerifier(Verifier verifier) {
        verifiers.unbind(verifier);
    }

    @Reference(cardinality = MULTIPLE, policy = DYNAMIC)
    public void bindProfiles(ProfileFormat format, Map<String, Object> properties) {
        profiles.bind(format, Set.of(ProfileSearch.ANY), properties);
    }

    public void unbindProfiles(ProfileFormat format) {
        profiles.unbind(format);
    }

    /** Returns the states of all backends, for a status. */
    public List<BackendState> backends() {
        return Stream.of(transports, codecs, caches, policies, formats, profiles, verifiers)
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
        return Stream.concat(backends().stream().map(BackendReports::of), opener.cacheReports())
                .toList();
    }

    @Override
    public OpenVolume open(VolumeSpec spec) throws IOException, InterruptedException {
        while (true) {
            try {
                return Opener.announced(opener.open(spec, Opener.bases(spec)), spec);
            } catch (FetchException.Unavailable e) {
                if (!spec.patience().equals(VolumeSpec.FOR_EVER)) {
                    throw e;
                }
                LOG.warn("volume {} continues to wait: {}", spec.name(), e.getMessage());
            }
            Thread.sleep(RetryPolicy.OPENING_FOR_EVER.first());
        }
    }

    /** Returns what opens volumes and repositories over the backends that are there. */
    Opener opener() {
        return opener;
    }
}
