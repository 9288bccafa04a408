package org.netloop.control;

import org.netloop.api.command.Command;
import org.netloop.control.socket.ControlSocket;
import org.netloop.control.verbs.UpgradeVerb;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;

import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** {@code netloop upgrade}. */
@Component(
        service = Command.class,
        scope = ServiceScope.PROTOTYPE,
        property = Command.NAME + "=upgrade")
@CommandLine.Command(
        name = "upgrade",
        mixinStandardHelpOptions = true,
        description = {
            "Replaces a running deployment by another installation of Netloop.",
            "The new process starts beside the old one, with its mounts and listening sockets, and the"
                    + " old one ends once the new one serves. If that does not come up in time, the old"
                    + " one goes on."
        })
public final class UpgradeCommand implements Command {
    @Mixin private StateOption state = new StateOption();

    @Parameters(
            index = "0",
            paramLabel = "DIR",
            description = "The installation: a directory with bin/netloop")
    private Path home = Path.of("");

    @Option(
            names = "--within",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description =
                    "Time limit for the new process to have all attachments, at most 500 (default"
                            + " ${DEFAULT-VALUE})")
    private int within;

    @Override
    public Integer call() throws IOException {
        Map<String, Object> answer =
                ControlSocket.ask(
                        state.socket(),
                        Map.of(
                                "do",
                                UpgradeVerb.NAME,
                                UpgradeVerb.HOME,
                                home.toAbsolutePath().normalize().toString(),
                                UpgradeVerb.WITHIN,
                                within));
        System.out.println(
                "process "
                        + answer.get("process")
                        + " serves "
                        + answer.get("attachments")
                        + " attachments");
        return OK;
    }
}
