package org.netloop.publish;

import org.jspecify.annotations.Nullable;
import org.netloop.api.codec.Codec;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.publish.PublishSpec;
import org.netloop.api.publish.Published;
import org.netloop.api.publish.Publisher;
import org.netloop.api.transport.Schemes;
import org.netloop.api.transport.Transport;
import org.netloop.api.volume.ChangedVolume;
import org.netloop.api.volume.Volumes;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The publisher as a service: publishes with the backends there are when a publishing begins. */
@Component(service = Publisher.class, configurationPid = "org.netloop.publish")
@Designate(ocd = PublisherComponent.Config.class)
public final class PublisherComponent implements Publisher {

    /** The settings. */
    @ObjectClassDefinition(
            name = "Publisher",
            description = "How disk images are packed into repositories")
    public @interface Config {

        /** Number of blocks encoded at a time. */
        @AttributeDefinition(
                name = "Workers",
                description = "Number of blocks encoded at a time. 0: the number of processors",
                min = "0",
                max = "1024")
        int workers() default 0;

        /** The memory of buffers. */
        @AttributeDefinition(
                name = "Buffers (MiB)",
                description =
                        "Memory for the buffers of one publishing, in MiB; two blocks always"
                                + " fit",
                min = "1",
                max = "65536")
        int buffers_mib() default 64;

        /** Number of blocks remembered. */
        @AttributeDefinition(
                name = "Remembered blocks",
                description =
                        "Number of blocks remembered so that they are not encoded again; 80"
                                + " bytes of memory each, taken when needed",
                min = "2",
                max = "16000000")
        int remembered_blocks() default 1_000_000;

        /** Directory of the journals. */
        @AttributeDefinition(
                name = "State directory",
                description =
                        "Directory of the journals of published blocks. Empty: netloop/publish"
                                + " in $XDG_STATE_HOME or ~/.local/state")
        String state_directory() default "";

        /** Interval between checkpoints, in milliseconds. */
        @AttributeDefinition(
                name = "Checkpoint interval (ms)",
                description =
                        "Interval at which new blocks are made durable, in ms; an interrupted"
                                + " publishing continues from there",
                min = "10",
                max = "3600000")
        int checkpoint_interval_ms() default 2_000;
    }

    private final Settings settings;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    private volatile List<Codec> codecs = List.of();

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    private volatile List<IndexFormat> formats = List.of();

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    private volatile List<Map.Entry<Map<String, Object>, Transport>> transports = List.of();

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile @Nullable Volumes volumes;

    /** Takes its settings. */
    @Activate
    public PublisherComponent(Config config) {
        settings =
                new Settings(
                        config.workers() > 0
                                ? config.workers()
                                : Runtime.getRuntime().availableProcessors(),
                        (long) config.buffers_mib() << 20,
                        config.remembered_blocks(),
                        config.state_directory().isBlank()
                                ? StateDirectory.standard(System.getenv())
                                : Path.of(config.state_directory()),
                        Duration.ofMillis(config.checkpoint_interval_ms()));
    }

    @Override
    public Published publish(Path image, PublishSpec spec, Consumer<Progress> progress)
            throws IOException, InterruptedException {
        return publisher().publish(image, spec, progress);
    }

    @Override
    public Published publish(InputStream image, PublishSpec spec, Consumer<Progress> progress)
            throws IOException, InterruptedException {
        return publisher().publish(image, spec, progress);
    }

    @Override
    public Published publish(ChangedVolume image, PublishSpec spec, Consumer<Progress> progress)
            throws IOException, InterruptedException {
        return publisher().publish(image, spec, progress);
    }

    private ImagePublisher publisher() {
        Map<String, Transport> byScheme = new HashMap<>();
        for (Map.Entry<Map<String, Object>, Transport> service : transports) {
            Schemes.of(service.getKey().get(Transport.SCHEMES))
                    .forEach(scheme -> byScheme.put(scheme, service.getValue()));
        }
        return new ImagePublisher(settings, new Backends(codecs, formats, byScheme), volumes);
    }
}
