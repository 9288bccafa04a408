package org.netloop.repository;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.command.Command;
import org.netloop.api.index.Catalog;
import org.netloop.api.index.Reference;
import org.netloop.api.publish.RepositoryUse;
import org.netloop.api.publish.RepositoryUse.Purpose;
import org.netloop.api.transport.Repository;
import org.netloop.api.trust.Statement;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** {@code netloop image}. */
@Component(
        service = Command.class,
        scope = ServiceScope.PROTOTYPE,
        property = Command.NAME + "=image")
@CommandLine.Command(
        name = "image",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Removes images from a repository.")
public final class ImageCommand implements Command {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Repositories repositories;

    @Spec private @Nullable CommandSpec spec;

    /** Created by Declarative Services. */
    @Activate
    public ImageCommand(
            @org.osgi.service.component.annotations.Reference Repositories repositories) {
        this.repositories = repositories;
    }

    @Override
    public Integer call() {
        CommandSpec known = spec;
        if (known == null) {
            throw new IllegalStateException("called before its arguments were read");
        }
        throw new ParameterException(known.commandLine(), "the subcommand rm is missing");
    }

    @CommandLine.Command(
            name = "rm",
            mixinStandardHelpOptions = true,
            description = {
                "Removes images from a repository: they can no longer be opened.",
                "Their blocks stay until 'netloop gc' removes those that no other image needs."
            })
    int rm(
            @Parameters(
                            index = "0",
                            paramLabel = "REPO",
                            description = "The repository: a path or a URI")
                    String base,
            @Parameters(
                            index = "1..*",
                            arity = "1..*",
                            paramLabel = "DIGEST",
                            description = "The digests of the images")
                    List<String> digests,
            @Option(
                            names = "--format",
                            paramLabel = "ID",
                            defaultValue = "netloop",
                            description = "Index format (default ${DEFAULT-VALUE})")
                    String format)
            throws IOException, InterruptedException {
        List<Digest> images = digests.stream().map(Digest::parse).toList();
        try (Repository repository = repositories.openExisting(Reference.uri(base));
                RepositoryUse use =
                        RepositoryUse.begin(
                                repository, Purpose.REMOVING, "netloop image rm", PATIENCE)) {
            for (Digest image : images) {
                use.check();
                Catalog catalog = repositories.catalog(format, repository);
                catalog.remove(image);
                repository.delete(Statement.pathOf(catalog.imagePath(image)));
                System.out.println("removed " + image);
            }
        }
        return OK;
    }
}
