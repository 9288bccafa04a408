package org.netloop.command;

import org.jspecify.annotations.Nullable;
import org.netloop.api.command.Command;
import org.netloop.api.frontend.Attachment;
import org.netloop.api.frontend.AttachmentSpec;
import org.netloop.api.frontend.Frontend;
import org.netloop.api.frontend.Frontends;
import org.netloop.api.message.Failures;
import org.netloop.api.profile.ProfileFormat;
import org.netloop.api.systemd.Readiness;
import org.netloop.api.volume.ImageVolume;
import org.netloop.api.volume.Overlays;
import org.netloop.api.volume.Volumes;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ServiceScope;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/**
 * Attaches an image until it is detached from outside or the process is told to stop. Each run of a
 * command has its own, with the frontends that are there then.
 */
@Component(service = Attacher.class, scope = ServiceScope.PROTOTYPE)
public final class Attacher {
    private static final Logger LOG = LoggerFactory.getLogger(Attacher.class);

    private final Volumes volumes;
    private final List<Frontend> frontends;
    private final ConfigurationAdmin configurations;
    private final List<ProfileFormat> profiles;
    private final BundleContext context;
    private final @Nullable Overlays overlays;

    /** Created by Declarative Services. */
    @Activate
    public Attacher(
            @Reference Volumes volumes,
            @Reference List<Frontend> frontends,
            @Reference ConfigurationAdmin configurations,
            @Reference List<ProfileFormat> profiles,
            @Reference(cardinality = ReferenceCardinality.OPTIONAL) @Nullable Overlays overlays,
            BundleContext context) {
        this.volumes = volumes;
        this.frontends = frontends;
        this.configurations = configurations;
        this.profiles = profiles;
        this.overlays = overlays;
        this.context = context;
    }

    /** Lists what else a frontend has made for a volume: places by their kind, for JSON. */
    @FunctionalInterface
    interface Made {
        Map<String, List<String>> of(String volume) throws IOException;
    }

    /**
     * Attaches by the first of some frontends that can be used here, says where, and waits.
     *
     * @return the exit code
     */
    int attach(AttachOptions options, List<String> ids, AttachmentSpec spec, Made made)
            throws IOException, InterruptedException {
        if (frontends.stream().noneMatch(frontend -> ids.contains(frontend.id()))) {
            Frontends.find(frontends, ids.getFirst());
        }
        options.cache.apply(configurations, context);
        try (Volumes.OpenVolume volume =
                        volumes.open(options.volume.spec(options.ahead.prefetch()));
                RecordOptions.Writer _ = options.record.begin(volume, profiles);
                OverlayOptions.Top top = options.overlay.open(volume, overlays)) {
            Attachment attachment = Frontends.attach(frontends, ids, top.volume(), spec);
            tell(volume, attachment.address(), made.of(volume.name()), options.json);
            Readiness.tell().ifPresent(LOG::warn);
            serveUntilStopped(attachment);
        }
        return Command.OK;
    }

    private static void tell(
            ImageVolume volume, String address, Map<String, List<String>> made, boolean json)
            throws IOException {
        if (json) {
            Map<String, Object> members = new LinkedHashMap<>();
            members.put("volume", volume.name());
            members.put("image", volume.image().digest().toString());
            members.put("address", address);
            members.putAll(made);
            Json.print(System.out, members);
            return;
        }
        System.out.println(volume.name() + " is at " + address);
        made.values().stream()
                .flatMap(List::stream)
                .forEach(place -> System.out.println("its file system is at " + place));
    }

    /**
     * Returns when it is detached from outside, or this thread is told to stop; it is closed by
     * then.
     */
    private static void serveUntilStopped(Attachment attachment) throws IOException {
        try (attachment) {
            CompletionStage<Void> end = attachment.detached();
            end.toCompletableFuture().get();
        } catch (InterruptedException _) {
            // Being told to stop is how this ends well.
            Thread.currentThread().interrupt();
        } catch (ExecutionException | CompletionException e) {
            throw new IOException(
                    "attachment " + attachment.address() + " ended: " + Failures.sentence(e), e);
        }
    }
}
