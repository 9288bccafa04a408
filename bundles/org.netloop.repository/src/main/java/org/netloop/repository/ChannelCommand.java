package org.netloop.repository;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.command.Command;
import org.netloop.api.command.SignOptions;
import org.netloop.api.index.Catalog;
import org.netloop.api.index.Catalog.Channel;
import org.netloop.api.index.Catalog.Move;
import org.netloop.api.index.Reference;
import org.netloop.api.message.Table;
import org.netloop.api.message.Terminal;
import org.netloop.api.publish.RepositoryUse;
import org.netloop.api.publish.RepositoryUse.Purpose;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Repository;
import org.netloop.api.trust.Signer;
import org.netloop.api.trust.Signing;
import org.netloop.api.trust.Statement;
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
import java.time.Duration;
import java.util.List;

/** {@code netloop channel}. */
@Component(
        service = Command.class,
        scope = ServiceScope.PROTOTYPE,
        property = Command.NAME + "=channel")
@CommandLine.Command(
        name = "channel",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Shows, moves, rolls back and removes the channels of a repository.")
public final class ChannelCommand implements Command {
    private static final String CHANNEL =
            "The channel: REPO[#CHANNEL], where REPO is a path or a URI (default: stable)";
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Repositories repositories;
    private final List<Signer> signers;

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--format",
            paramLabel = "ID",
            defaultValue = "netloop",
            scope = CommandLine.ScopeType.INHERIT,
            description = "Index format (default ${DEFAULT-VALUE})")
    private String format = "netloop";

    /** Created by Declarative Services. */
    @Activate
    public ChannelCommand(
            @org.osgi.service.component.annotations.Reference Repositories repositories,
            @org.osgi.service.component.annotations.Reference List<Signer> signers) {
        this.repositories = repositories;
        this.signers = signers;
    }

    @Override
    public Integer call() {
        CommandSpec known = spec;
        if (known == null) {
            throw new IllegalStateException("called before its arguments were read");
        }
        throw new ParameterException(
                known.commandLine(), "one of show, set, history, rollback and rm is missing");
    }

    /** An action on the catalog of an opened repository. */
    @FunctionalInterface
    private interface Action {
        void run(Catalog catalog, String channel) throws IOException;
    }

    private int read(String reference, Action action) throws IOException {
        Reference parsed = Reference.parse(reference);
        try (Repository repository = repositories.openSource(parsed.repository())) {
            action.run(repositories.catalog(format, repository), name(parsed));
        }
        return OK;
    }

    private int change(String reference, SignOptions sign, Action action)
            throws IOException, InterruptedException {
        Reference parsed = Reference.parse(reference);
        Signing signing = sign.signing(signers);
        Repository plain = repositories.openExisting(parsed.repository());
        try (Repository repository = signing == null ? plain : signing.over(plain);
                RepositoryUse use = begin(repository)) {
            Catalog catalog = repositories.catalog(format, repository);
            use.check();
            String path = catalog.channelPath(name(parsed));
            if (signing == null) {
                Signing.refuseUnsigned(repository, path);
            }
            action.run(catalog, name(parsed));
            if (signing != null && repository.length(path).isPresent()) {
                signing.sign(repository, path, Repository.Kind.POINTER);
                repository.sync();
            }
        }
        return OK;
    }

    private static RepositoryUse begin(Repository repository)
            throws IOException, InterruptedException {
        return RepositoryUse.begin(repository, Purpose.PUBLISHING, "netloop channel", PATIENCE);
    }

    private static String name(Reference reference) {
        return reference.channel().orElse(Reference.STANDARD_CHANNEL);
    }

    private static Channel channel(Catalog catalog, String name) throws IOException {
        return catalog.channel(name)
                .orElseThrow(
                        () ->
                                new FetchException.Missing(
                                        "there is no channel '"
                                                + name
                                                + "'; 'netloop ls' lists those there are"));
    }

    @CommandLine.Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Prints the digest of the image that a channel points to.")
    int show(@Parameters(paramLabel = "REF", description = CHANNEL) String reference)
            throws IOException {
        return read(
                reference,
                (catalog, name) -> {
                    Channel channel = channel(catalog, name);
                    System.out.println("image    " + channel.image());
                    System.out.println("sequence " + channel.sequence());
                });
    }

    @CommandLine.Command(
            name = "history",
            mixinStandardHelpOptions = true,
            description =
                    "Lists the images that a channel points to and pointed to before, the latest"
                            + " first.")
    int history(
            @Parameters(paramLabel = "REF", description = CHANNEL) String reference,
            @Option(names = "--full", description = "Do not shorten digests on a terminal")
                    boolean full)
            throws IOException {
        boolean brief = !full && Terminal.isThere();
        return read(
                reference,
                (catalog, name) -> {
                    Channel channel = channel(catalog, name);
                    Table table = new Table("SEQUENCE", "LEFT", "IMAGE");
                    table.add(channel.sequence(), "-", text(channel.image(), brief));
                    for (Move move : channel.history()) {
                        table.add(move.sequence(), move.left(), text(move.image(), brief));
                    }
                    table.lines().forEach(System.out::println);
                });
    }

    private static String text(Digest digest, boolean brief) {
        return brief ? digest.brief() : digest.toString();
    }

    @CommandLine.Command(
            name = "set",
            mixinStandardHelpOptions = true,
            description = "Points a channel to an image of the repository.")
    int set(
            @Parameters(index = "0", paramLabel = "REF", description = CHANNEL) String reference,
            @Parameters(index = "1", paramLabel = "DIGEST", description = "The image")
                    String digest,
            @Mixin SignOptions sign)
            throws IOException, InterruptedException {
        return change(
                reference,
                sign,
                (catalog, name) -> {
                    catalog.move(name, Digest.parse(digest));
                    print(catalog, name);
                });
    }

    @CommandLine.Command(
            name = "rollback",
            mixinStandardHelpOptions = true,
            description = {
                "Points a channel back to its former image.",
                "The sequence still grows, so that readers accept the older image."
            })
    int rollback(
            @Parameters(paramLabel = "REF", description = CHANNEL) String reference,
            @Option(
                            names = "--to",
                            paramLabel = "SEQUENCE",
                            description = "The position to return to (default: the one before)")
                    @Nullable Long sequence,
            @Mixin SignOptions sign)
            throws IOException, InterruptedException {
        return change(
                reference,
                sign,
                (catalog, name) -> {
                    catalog.move(name, earlier(channel(catalog, name), sequence));
                    print(catalog, name);
                });
    }

    private static Digest earlier(Channel channel, @Nullable Long sequence) throws IOException {
        List<Move> history = channel.history();
        return history.stream()
                .filter(move -> sequence == null || move.sequence() == sequence)
                .findFirst()
                .map(Move::image)
                .orElseThrow(
                        () ->
                                new IOException(
                                        "channel "
                                                + channel.name()
                                                + " stays as it is: "
                                                + (history.isEmpty()
                                                        ? "it has no earlier position; 'netloop"
                                                                + " channel set' points it to any"
                                                                + " image"
                                                        : "its history has no sequence "
                                                                + sequence
                                                                + "; 'netloop channel history'"
                                                                + " lists it")));
    }

    private static void print(Catalog catalog, String name) throws IOException {
        Channel channel = channel(catalog, name);
        System.out.println(
                Terminal.fit(
                        "channel "
                                + name
                                + " points to "
                                + channel.image()
                                + ", sequence "
                                + channel.sequence(),
                        ""));
    }

    @CommandLine.Command(
            name = "rm",
            mixinStandardHelpOptions = true,
            description = "Removes a channel; the image that it points to stays.")
    int rm(
            @Parameters(
                            paramLabel = "REF",
                            description =
                                    "The channel: REPO#CHANNEL, where REPO is a path or a URI")
                    String reference)
            throws IOException, InterruptedException {
        Reference parsed = Reference.parse(reference);
        String name =
                parsed.channel()
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "no channel is named: write the channel to remove"
                                                        + " as REPO#CHANNEL"));
        try (Repository repository = repositories.openExisting(parsed.repository());
                RepositoryUse use = begin(repository)) {
            Catalog catalog = repositories.catalog(format, repository);
            use.check();
            catalog.removeChannel(name);
            repository.delete(Statement.pathOf(catalog.channelPath(name)));
            repository.sync();
        }
        return OK;
    }
}
