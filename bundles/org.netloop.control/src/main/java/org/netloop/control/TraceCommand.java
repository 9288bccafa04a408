package org.netloop.control;

import com.fasterxml.jackson.jr.ob.JSON;

import org.jspecify.annotations.Nullable;
import org.netloop.api.command.Command;
import org.netloop.api.message.Printable;
import org.netloop.control.socket.ControlSocket;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;

import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** {@code netloop trace}. */
@Component(
        service = Command.class,
        scope = ServiceScope.PROTOTYPE,
        property = Command.NAME + "=trace")
@CommandLine.Command(
        name = "trace",
        mixinStandardHelpOptions = true,
        description =
                "Records the reads of a volume of a running deployment for some time, and shows the"
                        + " slowest with the stages they waited for.")
public final class TraceCommand implements Command {
    private static final double MICROS = 1_000.0;

    /** Stages that look something up, and may well not find it. */
    private static final Set<String> CACHES = Set.of("stored", "shared");

    @Mixin private StateOption state = new StateOption();

    @Parameters(
            index = "0",
            paramLabel = "VOLUME",
            description = "The volume's name",
            completionCandidates = LiveNames.Volumes.class)
    private String volume = "";

    @Option(
            names = "--for",
            paramLabel = "TIME",
            defaultValue = "10s",
            converter = Times.Converter.class,
            description = "How long, 5m at most (default ${DEFAULT-VALUE})")
    private Duration time = Duration.ofSeconds(10);

    @Option(
            names = "--slowest",
            paramLabel = "N",
            defaultValue = "10",
            description = "How many reads to show, 100 at most (default ${DEFAULT-VALUE})")
    private int slowest;

    @Option(names = "--json", description = "Print JSON")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Map<String, Object> answer =
                ControlSocket.ask(
                        state.socket(),
                        Map.of(
                                "do",
                                "trace",
                                "volume",
                                volume,
                                "seconds",
                                time.toSeconds(),
                                "slowest",
                                slowest));
        answer.remove("ok");
        if (json) {
            System.out.println(JSON.std.asString(answer));
            return OK;
        }
        System.out.println(
                answer.get("waited") + " reads had to wait in " + time.toSeconds() + " s");
        for (Map<?, ?> read : Answers.rows(answer, "reads")) {
            System.out.println(
                    "%s at %s: %s bytes from %s%s"
                            .formatted(
                                    milliseconds(read.get("micros")),
                                    read.get("at"),
                                    read.get("length"),
                                    read.get("offset"),
                                    failed(read)));
            for (Map<?, ?> stage : Answers.rows(read, "stages")) {
                System.out.println(line(stage));
            }
        }
        return OK;
    }

    private static String line(Map<?, ?> stage) {
        Object mirror = stage.get("mirror");
        return Printable.lines(
                "  %12s %12s  %-7s %s%s"
                        .formatted(
                                "+" + milliseconds(stage.get("after-micros")),
                                milliseconds(stage.get("micros")),
                                stage.get("stage"),
                                "".equals(mirror) ? stage.get("object") : mirror,
                                CACHES.contains(String.valueOf(stage.get("stage")))
                                                && !Boolean.TRUE.equals(stage.get("good"))
                                        ? " (not there)"
                                        : failed(stage)));
    }

    private static String failed(Map<?, ?> row) {
        return Boolean.TRUE.equals(row.get("good")) ? "" : " (failed)";
    }

    private static String milliseconds(@Nullable Object micros) {
        return micros instanceof Number number
                ? "%.2f ms".formatted(number.longValue() / MICROS)
                : "?";
    }
}
