package org.netloop.profile;

import org.jspecify.annotations.Nullable;
import org.netloop.api.command.Command;
import org.netloop.api.command.SignOptions;
import org.netloop.api.index.Reference;
import org.netloop.api.profile.Profile;
import org.netloop.api.profile.ProfileFiles;
import org.netloop.api.profile.ProfileFormat;
import org.netloop.api.profile.ProfilePublisher;
import org.netloop.api.profile.ProfilePublisher.PublishedProfile;
import org.netloop.api.trust.Signer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;

import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code netloop profile}. */
@Component(
        service = Command.class,
        scope = ServiceScope.PROTOTYPE,
        property = Command.NAME + "=profile")
@CommandLine.Command(
        name = "profile",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description =
                "Records, shows, merges, compares and publishes profiles: what"
                        + " workloads read of an image. serve and mount record them too, with"
                        + " --record-profile FILE.")
public final class ProfileCommand implements Command {
    private final ProfilePublisher publisher;
    private final ProfileFormat format;
    private final List<Signer> signers;

    @Spec private @Nullable CommandSpec spec;

    /** Created by Declarative Services. */
    @Activate
    public ProfileCommand(
            @org.osgi.service.component.annotations.Reference ProfilePublisher publisher,
            @org.osgi.service.component.annotations.Reference ProfileFormat format,
            @org.osgi.service.component.annotations.Reference List<Signer> signers) {
        this.publisher = publisher;
        this.format = format;
        this.signers = signers;
    }

    @Override
    public Integer call() {
        CommandSpec known = spec;
        if (known == null) {
            throw new IllegalStateException("called before its arguments were read");
        }
        throw new ParameterException(
                known.commandLine(), "one of record, show, merge, diff and publish is missing");
    }

    @CommandLine.Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Summarises what a profile reads, and when.")
    int show(
            @Parameters(paramLabel = "FILE", description = "The profile") Path file,
            @Option(names = "--entries", description = "Also list its entries") boolean entries)
            throws IOException {
        Profile profile = ProfileFiles.read(format, file);
        System.out.println("profile  " + profile.name());
        System.out.println("image    " + profile.image());
        System.out.println("entries  " + profile.entries().size());
        System.out.println("bytes    " + profile.bytes());
        long last = profile.entries().isEmpty() ? 0 : profile.entries().getLast().afterMillis();
        System.out.println("ends     after " + last + " ms");
        profile.pack()
                .ifPresent(pack -> System.out.println(pack.path() + ", " + pack.length() + " B"));
        if (entries) {
            profile.entries().forEach(ProfileCommand::print);
        }
        return OK;
    }

    private static void print(Profile.Entry entry) {
        System.out.println(entry.offset() + " " + entry.length() + " " + entry.afterMillis());
    }

    @CommandLine.Command(
            name = "merge",
            mixinStandardHelpOptions = true,
            description = "Merges profiles of the same image.")
    int merge(
            @Parameters(index = "0", paramLabel = "INTO", description = "The profile to write")
                    Path into,
            @Parameters(
                            index = "1..*",
                            arity = "1..*",
                            paramLabel = "FILE",
                            description = "A profile to read")
                    List<Path> files)
            throws IOException {
        List<Profile> profiles = new ArrayList<>();
        for (Path file : files) {
            profiles.add(ProfileFiles.read(format, file));
            requireSameImage(profiles.getFirst(), profiles.getLast(), file);
        }
        ProfileFiles.write(format, Profiles.merge(profiles), into);
        return OK;
    }

    private static void requireSameImage(Profile one, Profile other, Path file) throws IOException {
        if (!one.image().equals(other.image())) {
            throw new IOException(
                    file
                            + " is of image "
                            + other.image()
                            + ", not of "
                            + one.image()
                            + "; carry it over with 'profile publish' first");
        }
    }

    @CommandLine.Command(
            name = "diff",
            mixinStandardHelpOptions = true,
            description =
                    "Lists reads that only one of two profiles has: offset, length,"
                            + " milliseconds.")
    int diff(
            @Parameters(index = "0", paramLabel = "ONE", description = "A profile") Path first,
            @Parameters(
                            index = "1",
                            paramLabel = "OTHER",
                            description = "A profile of the same image")
                    Path second)
            throws IOException {
        Profile one = ProfileFiles.read(format, first);
        Profile other = ProfileFiles.read(format, second);
        requireSameImage(one, other, second);
        Profiles.without(one, other)
                .forEach(e -> System.out.println("- " + e.offset() + " " + e.length()));
        Profiles.without(other, one)
                .forEach(e -> System.out.println("+ " + e.offset() + " " + e.length()));
        return OK;
    }

    @CommandLine.Command(
            name = "publish",
            mixinStandardHelpOptions = true,
            description = {
                "Publishes a profile beside its image; readers then prefetch along it.",
                "A profile of another image, such as the previous version, is carried over."
            })
    int publish(
            @Parameters(index = "0", paramLabel = "FILE", description = "The profile") Path file,
            @Parameters(
                            index = "1",
                            paramLabel = "REF",
                            description = "The image: REPO[#channel][@digest]")
                    String image,
            @Option(
                            names = "--name",
                            paramLabel = "NAME",
                            description = "Name of the profile (default: as in FILE)")
                    @Nullable String name,
            @Option(
                            names = "--pack",
                            description =
                                    "Also store its blocks in one object, for few long requests")
                    boolean pack,
            @Mixin SignOptions sign)
            throws IOException, InterruptedException {
        Profile profile = ProfileFiles.read(format, file);
        String called = name == null ? profile.name() : name;
        PublishedProfile published =
                publisher.publish(
                        new Profile(profile.image(), called, profile.entries(), null),
                        Reference.parse(image),
                        pack,
                        sign.signing(signers));
        if (!published.carriedOver().isEmpty()) {
            System.out.println("carried over from " + published.carriedOver());
        }
        System.out.println("published " + published.path());
        return OK;
    }
}
