package org.netloop.repository;

import com.fasterxml.jackson.jr.ob.JSON;

import org.netloop.api.command.Command;
import org.netloop.api.index.Reference;
import org.netloop.api.message.Sizes;
import org.netloop.api.profile.Profile;
import org.netloop.api.profile.ProfileFiles;
import org.netloop.api.profile.ProfileFormat;
import org.netloop.api.volume.Volumes;
import org.netloop.api.volume.Volumes.OpenVolume;
import org.netloop.api.volume.Volumes.VolumeSpec;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;

import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code netloop diff}. */
@Component(
        service = Command.class,
        scope = ServiceScope.PROTOTYPE,
        property = Command.NAME + "=diff")
@CommandLine.Command(
        name = "diff",
        mixinStandardHelpOptions = true,
        description = {
            "Prints what a client transfers for an update from one image to" + " another.",
            "With --profile, also for a client that has only the profile's blocks"
                    + " of the old image, and reads the same places of the new one."
        })
public final class DiffCommand implements Command {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Parameters(index = "0", paramLabel = "OLD", description = "REPO[#channel][@digest]")
    private String old = "";

    @Parameters(index = "1", paramLabel = "NEW", description = "REPO[#channel][@digest]")
    private String next = "";

    @Option(
            names = "--profile",
            paramLabel = "FILE",
            description = "A profile, such as that of a boot")
    private Optional<Path> profile = Optional.empty();

    @Option(names = "--json", description = "Print the result as one JSON object")
    private boolean json;

    private final Volumes volumes;
    private final List<ProfileFormat> profiles;

    /** Created by Declarative Services. */
    @Activate
    public DiffCommand(
            @org.osgi.service.component.annotations.Reference Volumes volumes,
            @org.osgi.service.component.annotations.Reference List<ProfileFormat> profiles) {
        this.volumes = volumes;
        this.profiles = profiles;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (OpenVolume before = open("old", old);
                OpenVolume after = open("new", next)) {
            Difference all = Difference.of(before.index(), after.index());
            Optional<Difference> read = Optional.empty();
            if (profile.isPresent()) {
                Profile followed = ProfileFiles.read(format(), profile.get());
                read = Optional.of(Difference.of(before.index(), after.index(), followed));
            }
            if (json) {
                printObject(before, after, all, read);
            } else {
                print(before, after, all, read);
            }
        }
        return OK;
    }

    private ProfileFormat format() throws IOException {
        return profiles.stream()
                .findFirst()
                .orElseThrow(
                        () ->
                                new IOException(
                                        "no bundle reads profiles; install the feature profile"));
    }

    private OpenVolume open(String name, String reference)
            throws IOException, InterruptedException {
        return volumes.open(new VolumeSpec(name, Reference.parse(reference), List.of(), PATIENCE));
    }

    private static void printObject(
            OpenVolume before, OpenVolume after, Difference all, Optional<Difference> read)
            throws IOException {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("old", before.image().digest().toString());
        result.put("new", after.image().digest().toString());
        result.put("blocks", all.blocks());
        result.put("newBlocks", all.newBlocks());
        result.put("newBytes", all.newBytes());
        result.put("deltaBytes", all.deltaBytes());
        read.ifPresent(
                part -> {
                    result.put("profileBlocks", part.blocks());
                    result.put("profileNewBlocks", part.newBlocks());
                    result.put("profileNewBytes", part.newBytes());
                    result.put("profileDeltaBytes", part.deltaBytes());
                });
        System.out.println(JSON.std.asString(result));
    }

    private static void print(
            OpenVolume before, OpenVolume after, Difference all, Optional<Difference> read) {
        System.out.println("old   " + before.image().digest());
        System.out.println("new   " + after.image().digest());
        System.out.println("update of a client that has all of the old image:");
        System.out.println("  " + line(all));
        if (read.isPresent()) {
            System.out.println("update of a client that has what the profile reads:");
            System.out.println("  " + line(read.get()));
        }
    }

    private static String line(Difference difference) {
        return "%d of %d blocks, %s; with deltas %s"
                .formatted(
                        difference.newBlocks(),
                        difference.blocks(),
                        Sizes.human(difference.newBytes()),
                        Sizes.human(difference.deltaBytes()));
    }
}
