package org.netloop.profile;

import org.jspecify.annotations.Nullable;
import org.netloop.api.index.Reference;
import org.netloop.api.profile.Profile;
import org.netloop.api.profile.ProfileFormat;
import org.netloop.api.profile.ProfilePublisher;
import org.netloop.api.publish.RepositoryUse;
import org.netloop.api.publish.RepositoryUse.Purpose;
import org.netloop.api.transport.Repository;
import org.netloop.api.transport.Schemes;
import org.netloop.api.transport.Transport;
import org.netloop.api.trust.Signing;
import org.netloop.api.trust.TrustSpec;
import org.netloop.api.volume.Volumes;
import org.netloop.api.volume.Volumes.OpenVolume;
import org.netloop.api.volume.Volumes.VolumeSpec;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Carries a profile over if need be, packs its blocks if asked to, and puts it beside its image.
 */
@Component(service = ProfilePublisher.class)
public final class Publication implements ProfilePublisher {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Volumes volumes;
    private final List<Map.Entry<Map<String, Object>, Transport>> transports;
    private final ProfileFormat format;

    /** Created by Declarative Services. */
    @Activate
    public Publication(
            @org.osgi.service.component.annotations.Reference Volumes volumes,
            @org.osgi.service.component.annotations.Reference
                    List<Map.Entry<Map<String, Object>, Transport>> transports,
            @org.osgi.service.component.annotations.Reference ProfileFormat format) {
        this.volumes = volumes;
        this.transports = transports;
        this.format = format;
    }

    @Override
    public PublishedProfile publish(
            Profile profile, Reference image, boolean pack, @Nullable Signing signing)
            throws IOException, InterruptedException {
        try (OpenVolume volume = open(image)) {
            String carriedOver = "";
            Profile fitting = profile;
            if (!profile.image().equals(volume.image().digest())) {
                try (OpenVolume from =
                        open(new Reference(image.repository(), null, profile.image()))) {
                    CarryOver way = new CarryOver(from.index(), volume.index());
                    fitting = way.apply(profile);
                    carriedOver = profile.image() + ": " + way.summary();
                }
            }
            return new PublishedProfile(put(fitting, image, volume, pack, signing), carriedOver);
        }
    }

    private String put(
            Profile profile,
            Reference image,
            OpenVolume volume,
            boolean pack,
            @Nullable Signing signing)
            throws IOException, InterruptedException {
        Profile put = new Profile(profile.image(), profile.name(), profile.entries(), null);
        try (Repository repository = repository(image.repository(), signing);
                RepositoryUse use =
                        RepositoryUse.begin(
                                repository, Purpose.PUBLISHING, "netloop profile", PATIENCE)) {
            if (pack) {
                put = Packing.pack(put, volume.index(), repository);
            }
            use.check();
            String path = format.path(put.image(), put.name());
            repository.put(path, format.write(put), Repository.Kind.POINTER);
            repository.sync();
            return path;
        }
    }

    private Repository repository(URI base, @Nullable Signing signing) throws IOException {
        Repository plain = Schemes.find(transports, base.getScheme()).open(base);
        return signing == null ? plain : signing.over(plain);
    }

    /**
     * Opens the image without a trust policy: a user who may write to the repository need not be
     * protected from it.
     */
    private OpenVolume open(Reference reference) throws IOException, InterruptedException {
        return volumes.open(
                new VolumeSpec("profile", reference, List.of(), PATIENCE)
                        .withTrust(TrustSpec.NONE));
    }
}
