package org.netloop.engine.volume;

import org.netloop.api.block.Digest;
import org.netloop.api.index.Reference;
import org.netloop.api.status.Report;
import org.netloop.api.trust.TrustSpec;
import org.netloop.api.volume.Volumes.Opening;
import org.netloop.api.volume.Volumes.Prefetch;
import org.netloop.api.volume.Volumes.VolumeSpec;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Configured state of a volume. */
record WantedVolume(
        VolumeSpec spec,
        Mirrors mirrors,
        Updates.Policy update,
        Duration every,
        HealthCommand health,
        long revision) {
    static WantedVolume of(ConfiguredVolume.Config config, Map<String, ?> properties) {
        Mirrors mirrors = Mirrors.of(config);
        return new WantedVolume(
                new VolumeSpec(
                        config.name(),
                        Reference.parse(config.reference()),
                        mirrors.more(),
                        Duration.ofMillis(config.patience_ms()),
                        Prefetch.parse(config.prefetch())
                                .withFill(config.fill_kib_per_second() * 1024L),
                        new Opening(config.format(), config.accept_older()),
                        new TrustSpec(
                                List.of(config.trust()),
                                config.trust_threshold(),
                                List.of(config.trust_revoked()),
                                config.trust_repository())),
                mirrors,
                Updates.Policy.parse(config.update()),
                Duration.ofSeconds(config.update_seconds()),
                new HealthCommand(
                        List.of(config.health_command()),
                        Duration.ofSeconds(config.health_within_s())),
                Report.revision(properties));
    }

    /** An image that a digest names is the same for ever. */
    Updates.Policy policy() {
        return isFollowing() ? update : Updates.Policy.OFF;
    }

    /** Returns whether its image may become another one. */
    boolean isFollowing() {
        return spec.reference().digestOrNull() == null;
    }

    /** Returns the specification of another image of its repository. */
    VolumeSpec with(Digest image) {
        return new VolumeSpec(
                spec.name(),
                new Reference(spec.reference().repository(), null, image),
                spec.mirrors(),
                spec.patience(),
                spec.prefetch(),
                spec.opening(),
                spec.trust());
    }

    boolean sameImage(WantedVolume other) {
        return spec.name().equals(other.spec.name())
                && spec.reference().equals(other.spec.reference())
                && spec.patience().equals(other.spec.patience())
                && spec.prefetch().equals(other.spec.prefetch())
                && spec.opening().format().equals(other.spec.opening().format())
                && spec.trust().equals(other.spec.trust());
    }
}
