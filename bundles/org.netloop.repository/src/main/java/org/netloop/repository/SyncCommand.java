package org.netloop.repository;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.command.Command;
import org.netloop.api.index.Catalog;
import org.netloop.api.index.Catalog.Channel;
import org.netloop.api.index.Catalog.Move;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.Reference;
import org.netloop.api.message.Secrets;
import org.netloop.api.message.Sizes;
import org.netloop.api.profile.Profile;
import org.netloop.api.profile.ProfileFormat;
import org.netloop.api.publish.RepositoryUse;
import org.netloop.api.publish.RepositoryUse.Purpose;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Repository;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;

import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** {@code netloop mirror sync}. */
@Component(
        service = Command.class,
        scope = ServiceScope.PROTOTYPE,
        property = Command.NAME + "=mirror sync")
@CommandLine.Command(
        name = "sync",
        mixinStandardHelpOptions = true,
        description = {
            "Copies the missing images and channels of a repository to another one.",
            "Every object is verified on the way. An interrupted copy continues"
                    + " when it is run again.",
            "The destination is consistent at any time: blocks are copied first,"
                    + " channels last."
        })
public final class SyncCommand implements Command {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** The longest pack that is copied: what a profile of a million blocks never needs. */
    private static final int MAX_PACK = 1 << 30;

    @Parameters(index = "0", paramLabel = "SRC", description = "A path, or a URI of any transport")
    private String source = "";

    @Parameters(index = "1", paramLabel = "DST", description = "A path, or a URI of a bucket")
    private String destination = "";

    @Option(
            names = "--channel",
            paramLabel = "NAME",
            description =
                    "Copy this channel and its image only; may be repeated (default: all, or "
                            + Reference.STANDARD_CHANNEL
                            + " if the source cannot be listed)")
    private List<String> channels = new ArrayList<>();

    @Option(
            names = "--history",
            description = "Copy the images that the channels pointed to before, too, if there")
    private boolean history;

    @Option(
            names = "--check",
            description =
                    "Also read existing objects of the destination, and replace damaged" + " ones")
    private boolean check;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            defaultValue = "16",
            description = "Objects copied at a time (default ${DEFAULT-VALUE})")
    private int parallel = 16;

    @Option(
            names = "--format",
            paramLabel = "ID",
            defaultValue = "netloop",
            description = "Index format (default ${DEFAULT-VALUE})")
    private String format = "netloop";

    private final Repositories repositories;
    private final List<ProfileFormat> profiles;

    /** Created by Declarative Services. */
    @Activate
    public SyncCommand(
            @org.osgi.service.component.annotations.Reference Repositories repositories,
            @org.osgi.service.component.annotations.Reference List<ProfileFormat> profiles) {
        this.repositories = repositories;
        this.profiles = profiles;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (parallel < 1) {
            throw new IllegalArgumentException("--parallel " + parallel + " copies nothing");
        }
        URI src = Reference.uri(source);
        URI dst = Reference.uri(destination);
        if (src.equals(dst)) {
            throw new IllegalArgumentException(
                    "source and destination are both " + Secrets.hide(src));
        }
        try (Repository from = repositories.openSource(src)) {
            refuseNothing(from, src);
            try (Repository to = repositories.open(dst);
                    @Nullable RepositoryUse reading = keepWhole(from);
                    RepositoryUse use =
                            RepositoryUse.begin(
                                    to, Purpose.PUBLISHING, "netloop mirror sync", PATIENCE)) {
                copy(from, to, use);
            }
        }
        return OK;
    }

    /** Refuses a mistyped source before anything is made there, or at the destination. */
    private void refuseNothing(Repository from, URI src) throws IOException {
        Catalog catalog = repositories.catalog(format, from);
        if (channels(catalog).isEmpty() && listed(catalog).isEmpty()) {
            throw new IOException(
                    "there is no channel and no image of format "
                            + format
                            + " in "
                            + Secrets.hide(src)
                            + ": it is not a repository, or an empty one");
        }
    }

    /**
     * Keeps others from removing objects of the source meanwhile, where it can be written.
     * Elsewhere an object that is removed ends the copying, and it is run again.
     */
    private static @Nullable RepositoryUse keepWhole(Repository source)
            throws IOException, InterruptedException {
        try {
            return RepositoryUse.begin(
                    source, Purpose.PUBLISHING, "netloop mirror sync, reading", PATIENCE);
        } catch (FetchException.Unsupported | FetchException.Denied | FileSystemException _) {
            return null;
        }
    }

    private void copy(Repository from, Repository to, RepositoryUse use)
            throws IOException, InterruptedException {
        Catalog catalog = repositories.catalog(format, from);
        Synchronizer synchronizer =
                new Synchronizer(
                        from,
                        catalog,
                        to,
                        repositories.catalog(format, to),
                        use,
                        new Synchronizer.Settings(parallel, check));
        List<Pointer> chosen = new ArrayList<>();
        for (String name : channels(catalog)) {
            chosen.add(Pointer.take(from, catalog, name));
        }
        for (Digest image : images(catalog, chosen)) {
            synchronizer.image(image);
            copyProfiles(synchronizer, from, image);
        }
        use.check();
        int moved = 0;
        for (Pointer pointer : chosen) {
            moved += synchronizer.channel(pointer) ? 1 : 0;
        }
        Synchronizer.Copied copied = synchronizer.copied();
        System.out.printf(
                "copied %d objects of %s, %d were there; %d of %d channels moved%n",
                copied.objects(),
                Sizes.human(copied.bytes()),
                copied.present(),
                moved,
                chosen.size());
    }

    private List<String> channels(Catalog catalog) throws IOException {
        if (!channels.isEmpty()) {
            return channels;
        }
        try {
            return catalog.channels().stream().map(Channel::name).toList();
        } catch (FetchException.Unsupported _) {
            return List.of(Reference.STANDARD_CHANNEL);
        }
    }

    /** The images of the chosen channels; without a choice, all that the source lists. */
    private Set<Digest> images(Catalog catalog, List<Pointer> chosen) throws IOException {
        Set<Digest> images = new LinkedHashSet<>();
        chosen.forEach(pointer -> images.add(pointer.channel().image()));
        if (history) {
            Set<Digest> listed = new LinkedHashSet<>(listed(catalog));
            for (Pointer pointer : chosen) {
                pointer.channel().history().stream()
                        .map(Move::image)
                        .filter(listed::contains)
                        .forEach(images::add);
            }
        } else if (channels.isEmpty()) {
            images.addAll(listed(catalog));
        }
        return images;
    }

    private static List<Digest> listed(Catalog catalog) throws IOException {
        try {
            return catalog.images().stream().map(ImageInfo::digest).toList();
        } catch (FetchException.Unsupported _) {
            return List.of();
        }
    }

    private void copyProfiles(Synchronizer synchronizer, Repository from, Digest image)
            throws IOException {
        for (ProfileFormat profileFormat : profiles) {
            List<String> paths;
            try (Stream<String> objects = profileFormat.objects(from, image)) {
                paths = objects.toList();
            } catch (FetchException.Unsupported _) {
                paths = bootProfile(profileFormat, from, image);
            }
            // Packs before the profiles that name them.
            synchronizer.others(paths.reversed(), MAX_PACK);
        }
    }

    private static List<String> bootProfile(
            ProfileFormat profileFormat, Repository from, Digest image) throws IOException {
        String path = profileFormat.path(image, Profile.BOOT);
        try {
            Profile profile = profileFormat.read(path, from.read(path, ProfileFormat.MAX_LENGTH));
            List<String> paths = new ArrayList<>(List.of(path));
            profile.pack().ifPresent(pack -> paths.add(pack.path()));
            return paths;
        } catch (FetchException.Missing _) {
            return List.of();
        }
    }
}
