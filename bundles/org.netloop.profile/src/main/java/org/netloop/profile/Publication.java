package org.netloop.profile;

import org.netloop.api.index.Reference;
import org.netloop.api.profile.Profile;
import org.netloop.api.profile.ProfileFormat;
import org.netloop.api.profile.ProfilePublisher;
import org.netloop.api.transport.Repository;
import org.netloop.api.transport.Schemes;
import org.netloop.api.transport.Transport;
import org.netloop.api.volume.Volumes;
import org.netloop.api.volume.Volumes.OpenVolume;
import org.netloop.api.volume.Volumes.VolumeSpec;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

import java.io.IOException;
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

    /** By Declarative Services. */
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
    public PublishedProfile publish(Profile profile, Reference image, boolean pack)
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
            return new PublishedProfile(put(fitting, image, volume, pack), carriedOver);
        }
    }

    private String put(Profile profile, Reference image, OpenVolume volume, boolean pack)
            throws IOException, InterruptedException {
        Profile put = new Profile(profile.image(), profile.name(), profile.entries(), null);
        try (Repository repository =
                Schemes.find(transports, image.repository().getScheme()).open(image.repository())) {
            if (pack) {
                put = Packing.pack(put, volume.index(), repository);
            }
            String path = format.path(put.image(), put.name());
            repository.put(path, format.write(put), Repository.Kind.POINTER);
            repository.sync();
            return path;
        }
    }

    private OpenVolume open(Reference reference) throws IOException, InterruptedException {
        return volumes.open(new VolumeSpec("profile", reference, List.of(), PATIENCE));
    }
}
