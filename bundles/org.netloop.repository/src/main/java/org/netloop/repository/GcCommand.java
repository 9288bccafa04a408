package org.netloop.repository;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.command.Command;
import org.netloop.api.index.Reference;
import org.netloop.api.message.Sizes;
import org.netloop.api.profile.ProfileFormat;
import org.netloop.api.publish.RepositoryUse;
import org.netloop.api.publish.RepositoryUse.Purpose;
import org.netloop.api.transport.Repository;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;

import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** {@code netloop gc}. */
@Component(service = Command.class, scope = ServiceScope.PROTOTYPE, property = Command.NAME + "=gc")
@CommandLine.Command(
        name = "gc",
        mixinStandardHelpOptions = true,
        description = {
            "Removes the blocks, profiles and packs that no image of a repository needs.",
            "With --keep it also removes the images that channels no longer point to.",
            "Publishers that start meanwhile wait until it has finished."
        })
public final class GcCommand implements Command {
    @Parameters(index = "0", paramLabel = "REPO", description = "The repository: a path or a URI")
    private String base = "";

    @Option(
            names = "--keep",
            paramLabel = "N",
            description =
                    "Also remove images, except those of the last N positions of a"
                            + " channel, the present one included (default: remove no image)")
    private @Nullable Integer keep;

    @Option(
            names = "--keep-within",
            paramLabel = "DURATION",
            defaultValue = "0s",
            converter = Durations.class,
            description =
                    "With --keep: keep images that a channel pointed to within this time,"
                            + " such as 30d or 12h")
    private Duration keepWithin = Duration.ZERO;

    @Option(
            names = "--keep-image",
            paramLabel = "DIGEST",
            description = "With --keep: keep this image; may be repeated")
    private List<String> keepImages = new ArrayList<>();

    @Option(
            names = "--grace",
            paramLabel = "DURATION",
            defaultValue = "24h",
            converter = Durations.class,
            description =
                    "Keep objects stored within this time, so that an interrupted pack can"
                            + " continue (default ${DEFAULT-VALUE})")
    private Duration grace = Duration.ofHours(24);

    @Option(
            names = "--wait",
            paramLabel = "DURATION",
            defaultValue = "1m",
            converter = Durations.class,
            description = "Longest wait for publishers (default ${DEFAULT-VALUE})")
    private Duration patience = Duration.ofMinutes(1);

    @Option(names = "--dry-run", description = "Remove nothing, and list what would be removed")
    private boolean dryRun;

    private final Repositories repositories;
    private final List<ProfileFormat> profiles;

    /** Created by Declarative Services. */
    @Activate
    public GcCommand(
            @org.osgi.service.component.annotations.Reference Repositories repositories,
            @org.osgi.service.component.annotations.Reference List<ProfileFormat> profiles) {
        this.repositories = repositories;
        this.profiles = profiles;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Keep rule = rule();
        try (Repository repository = repositories.openExisting(Reference.uri(base));
                RepositoryUse use =
                        RepositoryUse.begin(repository, Purpose.REMOVING, "netloop gc", patience)) {
            GarbageCollector collector =
                    new GarbageCollector(
                            repository,
                            repositories.catalogs(repository),
                            profiles.stream().findFirst(),
                            use,
                            dryRun);
            report(collector.run(rule, grace));
        }
        return OK;
    }

    private @Nullable Keep rule() {
        if (keep == null) {
            if (!keepImages.isEmpty() || !keepWithin.isZero()) {
                throw new IllegalArgumentException(
                        "--keep-image and --keep-within belong to --keep N: without it no image is"
                                + " removed");
            }
            return null;
        }
        return new Keep(keep, keepWithin, keepImages.stream().map(Digest::parse).toList());
    }

    private void report(GarbageCollector.Collected collected) {
        System.out.printf(
                "%s %d images and %d objects of %s; %d objects are needed",
                dryRun ? "would remove" : "removed",
                collected.images(),
                collected.objects(),
                Sizes.human(collected.bytes()),
                collected.kept());
        System.out.println(
                collected.young() == 0
                        ? ""
                        : ", " + collected.young() + " are kept because they were put lately");
    }
}
