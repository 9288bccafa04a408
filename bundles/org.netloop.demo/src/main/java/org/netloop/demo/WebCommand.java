package org.netloop.demo;

import org.netloop.api.command.Command;
import org.netloop.api.http.ListenAddress;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;

import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** {@code netloop web}. */
@Component(
        service = Command.class,
        scope = ServiceScope.PROTOTYPE,
        property = Command.NAME + "=web")
@CommandLine.Command(
        name = "web",
        mixinStandardHelpOptions = true,
        description = "Serves a repository directory over HTTP, for experiments.")
public final class WebCommand implements Command {
    @Parameters(index = "0", paramLabel = "REPO", description = "The repository directory")
    private Path repository = Path.of("");

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:8080",
            description =
                    "Address to listen on; port 0 selects a free one (default"
                            + " ${DEFAULT-VALUE})")
    private String listen = "";

    @Override
    public Integer call() throws IOException {
        InetSocketAddress address = ListenAddress.parse("--listen", listen);
        try (RepositoryWeb web = new RepositoryWeb(repository, address)) {
            System.out.println(repository + " is at " + web.uri());
            new CountDownLatch(1).await();
        } catch (InterruptedException _) {
            // Being told to stop is how this ends well.
            Thread.currentThread().interrupt();
        }
        return OK;
    }
}
