package org.netloop.command;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.command.Command;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.index.Reference;
import org.netloop.api.profile.Profile;
import org.netloop.api.profile.ProfileFormat;
import org.netloop.api.profile.ProfilePublisher;
import org.netloop.api.profile.ProfilePublisher.PublishedProfile;
import org.netloop.api.publish.PublishSpec;
import org.netloop.api.publish.Published;
import org.netloop.api.publish.Publisher;
import org.netloop.api.trust.Signer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;

import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** {@code netloop pack}. */
@Component(
        service = Command.class,
        scope = ServiceScope.PROTOTYPE,
        property = Command.NAME + "=pack")
@CommandLine.Command(
        name = "pack",
        mixinStandardHelpOptions = true,
        description =
                "Publishes an image into a repository: a raw image, also compressed"
                        + " with xz, gzip, zstd, bzip2 or lz4, or a qcow2 or cloop file.")
public final class PackCommand implements Command {
    private static final String STANDARD_INPUT = "-";

    @Parameters(
            index = "0",
            paramLabel = "IMAGE",
            description = "An image file, a block device, or - for standard input")
    private String image = "";

    @Parameters(
            index = "1",
            paramLabel = "REPO",
            description =
                    "The repository: a path or a URI; for the formats cloop and caibx, the"
                            + " file to write")
    private String repository = "";

    @Mixin private PublishOptions options = new PublishOptions();

    @Option(
            names = "--parent",
            paramLabel = "DIGEST",
            description =
                    "Image that this one is a new version of; changed blocks are also stored as"
                            + " deltas to it (default for those: the image of the channel)")
    private @Nullable String parent;

    @Mixin private ProfileOptions profile = new ProfileOptions();

    @Option(names = "--raw", description = "Treat the file as a raw image, whatever it looks like")
    private boolean asIs;

    @Option(names = "--force", description = "Replace an existing file (cloop, caibx)")
    private boolean force;

    private final Publisher publisher;
    private final List<IndexFormat> formats;
    private final List<ProfileFormat> profileFormats;
    private final List<ProfilePublisher> profilePublishers;
    private final List<Signer> signers;

    /** Created by Declarative Services. */
    @Activate
    public PackCommand(
            @org.osgi.service.component.annotations.Reference Publisher publisher,
            @org.osgi.service.component.annotations.Reference List<IndexFormat> formats,
            @org.osgi.service.component.annotations.Reference List<ProfileFormat> profileFormats,
            @org.osgi.service.component.annotations.Reference
                    List<ProfilePublisher> profilePublishers,
            @org.osgi.service.component.annotations.Reference List<Signer> signers) {
        this.publisher = publisher;
        this.formats = formats;
        this.profileFormats = profileFormats;
        this.profilePublishers = profilePublishers;
        this.signers = signers;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Digest made = parent == null ? null : Digest.parse(parent);
        PublishSpec spec =
                options.spec(
                        Reference.uri(repository), options.defaults(formats), signers, made, asIs);
        requireReplaceable(spec);
        // What is wrong with the profile is said before the work, not after it.
        Profile recorded = profile.read(profileFormats, spec.format(), options.defaults(formats));
        Published published;
        try (ProgressMeter meter = new ProgressMeter("pack " + image)) {
            published =
                    image.equals(STANDARD_INPUT)
                            ? publisher.publish(System.in, spec, p -> meter.at(p.done(), p.total()))
                            : publisher.publish(
                                    Path.of(image), spec, p -> meter.at(p.done(), p.total()));
        }
        PublishedProfile put =
                recorded == null
                        ? null
                        : profile.publish(recorded, spec, published.image(), profilePublishers);
        options.report(published, put);
        return OK;
    }

    /** A format without channels is one file, which is replaced as a whole. */
    private void requireReplaceable(PublishSpec spec) throws IOException {
        URI target = spec.repository();
        if (!options.defaults(formats).channels() && "file".equals(target.getScheme())) {
            ImageSink.requireReplaceable(Path.of(target.getPath()), force);
        }
    }
}
