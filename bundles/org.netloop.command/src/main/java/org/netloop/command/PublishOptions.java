package org.netloop.command;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.command.SignOptions;
import org.netloop.api.command.SizeConverter;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.ImageSpec;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.index.Reference;
import org.netloop.api.index.WritingDefaults;
import org.netloop.api.message.Sizes;
import org.netloop.api.profile.ProfilePublisher.PublishedProfile;
import org.netloop.api.publish.PublishSpec;
import org.netloop.api.publish.Published;
import org.netloop.api.trust.Signer;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Options of commands that publish an image: in which form, signed by whom, and how it is told. */
final class PublishOptions {
    @Option(
            names = "--block-size",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            description = "Length of a block, a power of two (default: the format's, 256K)")
    private @Nullable Long blockSize;

    @Option(
            names = "--codec",
            paramLabel = "ID",
            description = "Codec of the blocks (default: the format's, zstd)")
    private @Nullable String codec;

    @Option(
            names = "--level",
            paramLabel = "NUMBER",
            description = "Compression level (default: the codec's)")
    private @Nullable Integer level;

    @Option(
            names = "--digest",
            paramLabel = "NAME",
            description = "Digest algorithm that names blocks (default: the format's, sha256)")
    private @Nullable String digest;

    @Option(
            names = "--format",
            paramLabel = "ID",
            defaultValue = "netloop",
            description = "Index format (default ${DEFAULT-VALUE})")
    private String format = "";

    @Option(
            names = "--channel",
            paramLabel = "NAME",
            description =
                    "Channel to move to the image (default: "
                            + Reference.STANDARD_CHANNEL
                            + ", if the format has channels)")
    private @Nullable String channel;

    @Option(names = "--no-channel", description = "Move no channel")
    private boolean noChannel;

    @Option(names = "--no-deltas", description = "Store no deltas to an earlier image")
    private boolean noDeltas;

    @Option(
            names = "--label",
            paramLabel = "KEY=VALUE",
            description = "Label of the image; may be repeated")
    private Map<String, String> labels = new LinkedHashMap<>();

    @Mixin private SignOptions sign = new SignOptions();

    @Option(names = "--json", description = "Print the result as one JSON object")
    private boolean json;

    /**
     * Returns what is to be published.
     *
     * @param repository where it is published to
     * @param defaults what holds where no option says otherwise
     * @param parent the image it is made from; null if none
     * @param asIs whether the bytes are the image, whatever they look like
     */
    PublishSpec spec(
            URI repository,
            WritingDefaults defaults,
            List<Signer> signers,
            @Nullable Digest parent,
            boolean asIs)
            throws IOException {
        ImageSpec imageSpec =
                new ImageSpec(
                        blockSize == null
                                ? defaults.blockLength()
                                : Math.toIntExact(Math.min(blockSize, Integer.MAX_VALUE)),
                        codec == null ? defaults.codec() : codec,
                        digest == null ? defaults.digest() : DigestAlgorithm.byId(digest),
                        parent,
                        labels);
        return new PublishSpec(
                repository,
                format,
                imageSpec,
                level == null ? OptionalInt.empty() : OptionalInt.of(level),
                channel(defaults),
                asIs,
                sign.signing(signers),
                !noDeltas);
    }

    private @Nullable String channel(WritingDefaults defaults) {
        if (noChannel) {
            return null;
        }
        return channel == null && defaults.channels() ? Reference.STANDARD_CHANNEL : channel;
    }

    /** Returns defaults by which blocks of an earlier image can stay as they are. */
    WritingDefaults defaults(List<IndexFormat> formats, ImageInfo earlier) {
        WritingDefaults own = defaults(formats);
        return earlier.format().equals(format)
                ? new WritingDefaults(
                        earlier.maxBlockLength(),
                        earlier.codec(),
                        earlier.digest().algorithm(),
                        own.channels())
                : own;
    }

    /** A format that is not installed is the publisher's to complain about. */
    WritingDefaults defaults(List<IndexFormat> formats) {
        return formats.stream()
                .filter(one -> one.id().equals(format))
                .findFirst()
                .map(IndexFormat::defaults)
                .orElse(WritingDefaults.STANDARD);
    }

    /** Prints what was published. */
    void report(Published published, @Nullable PublishedProfile profile) throws IOException {
        if (json) {
            Json.print(System.out, summary(published, profile));
        } else {
            report(published);
            ProfileOptions.report(profile);
        }
    }

    private static Map<String, ?> summary(Published p, @Nullable PublishedProfile profile) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("image", p.image().digest().toString());
        result.put("size", p.image().size());
        result.put("holeBytes", p.holeBytes());
        result.put("blocks", p.blocks());
        result.put("distinctBlocks", p.distinctBlocks());
        result.put("newBlocks", p.newBlocks());
        result.put("takenOver", p.takenOver());
        result.put("storedBytes", p.storedBytes());
        result.put("newBytes", p.newBytes());
        result.put("milliseconds", p.took().toMillis());
        if (profile != null) {
            result.put("profile", profile.path());
        }
        return result;
    }

    private static void report(Published p) {
        long used = p.image().size() - p.holeBytes();
        long stored = p.takenOver() > 0 ? p.image().storedBytes() : p.storedBytes();
        long packed = p.blocks() - p.takenOver();
        System.out.println("image    " + p.image().digest());
        System.out.printf(
                "size     %s, of which %s are holes%n",
                Sizes.human(p.image().size()), Sizes.human(p.holeBytes()));
        if (p.takenOver() > 0) {
            System.out.printf("taken    %d blocks, as they were%n", p.takenOver());
        }
        System.out.printf(
                "blocks   %d, of which %d differ (dedup ratio %.2f)%n",
                packed, p.distinctBlocks(), ratio(packed, p.distinctBlocks()));
        System.out.printf(
                "stored   %s (compression ratio %.2f)%n", Sizes.human(stored), ratio(used, stored));
        System.out.printf("new      %d blocks, %s%n", p.newBlocks(), Sizes.human(p.newBytes()));
        System.out.printf("took     %.2f s%n", p.took().toMillis() / 1e3);
    }

    private static double ratio(long of, long to) {
        return to == 0 ? 1 : (double) of / to;
    }
}
