package org.netloop.command;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.command.Command;
import org.netloop.api.index.ImageSpec;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.index.Reference;
import org.netloop.api.index.WritingDefaults;
import org.netloop.api.profile.Profile;
import org.netloop.api.profile.ProfileFormat;
import org.netloop.api.profile.ProfilePublisher;
import org.netloop.api.profile.ProfilePublisher.PublishedProfile;
import org.netloop.api.publish.PublishSpec;
import org.netloop.api.publish.Published;
import org.netloop.api.publish.Publisher;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;

import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** {@code netloop pack}. */
@Component(
        service = Command.class,
        scope = ServiceScope.PROTOTYPE,
        property = Command.NAME + "=pack")
@CommandLine.Command(
        name = "pack",
        mixinStandardHelpOptions = true,
        description =
                "Publishes an image into a repository: a raw one, also in a file of xz, gzip, zstd,"
                        + " bzip2 or lz4, or an image file of another program (qcow2, cloop).")
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
                    "The repository: a path or a URI; of formats cloop and caibx, the file to write")
    private String repository = "";

    @Option(
            names = "--block-size",
            paramLabel = "SIZE",
            converter = Sizes.Converter.class,
            description = "Length of a block, a power of two (default: the format's, 256K)")
    private @Nullable Long blockSize;

    @Option(names = "--codec", description = "Codec of the blocks (default: the format's, zstd)")
    private @Nullable String codec;

    @Option(names = "--level", description = "Level of the codec (default: the codec's own)")
    private @Nullable Integer level;

    @Option(
            names = "--digest",
            description = "Digest that names the blocks (default: the format's, sha256)")
    private @Nullable String digest;

    @Option(
            names = "--format",
            defaultValue = "netloop",
            description = "Index format (default ${DEFAULT-VALUE})")
    private String format = "";

    @Option(
            names = "--channel",
            description =
                    "Channel to point to the image (default: "
                            + Reference.STANDARD_CHANNEL
                            + ", where the format has channels)")
    private @Nullable String channel;

    @Option(names = "--no-channel", description = "Leave all channels as they are")
    private boolean noChannel;

    @Option(
            names = "--parent",
            paramLabel = "DIGEST",
            description = "The image this one was made from")
    private @Nullable String parent;

    @Option(
            names = "--label",
            paramLabel = "KEY=VALUE",
            description = "Something to say about it; may be repeated")
    private Map<String, String> labels = new LinkedHashMap<>();

    @Mixin private ProfileOptions profile = new ProfileOptions();

    @Option(
            names = "--raw",
            description = "Take the bytes of the file as they are, whatever they look like")
    private boolean asIs;

    @Option(
            names = "--force",
            description = "Replace the file to write if it is there already (cloop, caibx)")
    private boolean force;

    @Option(names = "--json", description = "Print the result as one JSON object")
    private boolean json;

    private final Publisher publisher;
    private final List<IndexFormat> formats;
    private final List<ProfileFormat> profileFormats;
    private final List<ProfilePublisher> profilePublishers;

    /** By Declarative Services. */
    @Activate
    public PackCommand(
            @org.osgi.service.component.annotations.Reference Publisher publisher,
            @org.osgi.service.component.annotations.Reference List<IndexFormat> formats,
            @org.osgi.service.component.annotations.Reference List<ProfileFormat> profileFormats,
            @org.osgi.service.component.annotations.Reference
                    List<ProfilePublisher> profilePublishers) {
        this.publisher = publisher;
        this.formats = formats;
        this.profileFormats = profileFormats;
        this.profilePublishers = profilePublishers;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        PublishSpec spec = spec();
        requireReplaceable(spec);
        // What is wrong with the profile is said before the work, not after it.
        Profile recorded = profile.read(profileFormats, format, defaults());
        long total = image.equals(STANDARD_INPUT) ? -1 : Files.size(Path.of(image));
        Published published;
        try (ProgressMeter meter = new ProgressMeter("pack " + image, total)) {
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
        if (json) {
            Json.print(System.out, summary(published, put));
        } else {
            report(published);
            ProfileOptions.report(put);
        }
        return OK;
    }

    /** A format without channels is one file, which is replaced as a whole. */
    private void requireReplaceable(PublishSpec spec) throws IOException {
        URI target = spec.repository();
        if (!defaults().channels() && "file".equals(target.getScheme())) {
            ImageSink.requireReplaceable(Path.of(target.getPath()), force);
        }
    }

    private PublishSpec spec() {
        WritingDefaults defaults = defaults();
        ImageSpec imageSpec =
                new ImageSpec(
                        blockSize == null
                                ? defaults.blockLength()
                                : Math.toIntExact(Math.min(blockSize, Integer.MAX_VALUE)),
                        codec == null ? defaults.codec() : codec,
                        digest == null ? defaults.digest() : DigestAlgorithm.byId(digest),
                        parent == null ? null : Digest.parse(parent),
                        labels);
        return new PublishSpec(
                Reference.uri(repository),
                format,
                imageSpec,
                level == null ? OptionalInt.empty() : OptionalInt.of(level),
                channel(defaults),
                asIs);
    }

    private @Nullable String channel(WritingDefaults defaults) {
        if (noChannel) {
            return null;
        }
        return channel == null && defaults.channels() ? Reference.STANDARD_CHANNEL : channel;
    }

    /** A format that is not installed is the publisher's to complain about. */
    private WritingDefaults defaults() {
        return formats.stream()
                .filter(one -> one.id().equals(format))
                .findFirst()
                .map(IndexFormat::defaults)
                .orElse(WritingDefaults.STANDARD);
    }

    private Map<String, ?> summary(Published p, @Nullable PublishedProfile profile) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("image", p.image().digest().toString());
        result.put("size", p.image().size());
        result.put("holeBytes", p.holeBytes());
        result.put("blocks", p.blocks());
        result.put("distinctBlocks", p.distinctBlocks());
        result.put("newBlocks", p.newBlocks());
        result.put("storedBytes", p.storedBytes());
        result.put("newBytes", p.newBytes());
        result.put("milliseconds", p.took().toMillis());
        if (profile != null) {
            result.put("profile", profile.path());
        }
        return result;
    }

    private void report(Published p) {
        long used = p.image().size() - p.holeBytes();
        System.out.println("image    " + p.image().digest());
        System.out.printf(
                "size     %s, of which %s are holes%n",
                Sizes.human(p.image().size()), Sizes.human(p.holeBytes()));
        System.out.printf(
                "blocks   %d, of which %d differ (dedup ratio %.2f)%n",
                p.blocks(), p.distinctBlocks(), ratio(p.blocks(), p.distinctBlocks()));
        System.out.printf(
                "stored   %s (compression ratio %.2f)%n",
                Sizes.human(p.storedBytes()), ratio(used, p.storedBytes()));
        System.out.printf("new      %d blocks, %s%n", p.newBlocks(), Sizes.human(p.newBytes()));
        System.out.printf("took     %.2f s%n", p.took().toMillis() / 1e3);
    }

    private static double ratio(long of, long to) {
        return to == 0 ? 1 : (double) of / to;
    }
}
