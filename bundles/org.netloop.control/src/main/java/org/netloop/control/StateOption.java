package org.netloop.control;

import org.jspecify.annotations.Nullable;
import org.netloop.api.control.Deployment;
import org.netloop.api.systemd.SocketFile;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Options that select a deployment by its control socket. What is not told is taken from the system
 * properties {@value #STATE_PROPERTY} and {@value #CONFIG_PROPERTY}, which a shell sets for all of
 * its lines.
 */
final class StateOption {
    static final String STATE_PROPERTY = "netloop.state";
    private static final String CONFIG_PROPERTY = "netloop.config";
    private static final String SOCKET = "control.sock";
    private static final int SHORT = 4;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description =
                    "The directory of the deployment's control socket (default: one per"
                            + " CONFIG-DIR in $XDG_RUNTIME_DIR/netloop or /run/netloop)")
    private @Nullable Path state;

    @Option(
            names = "--config",
            paramLabel = "CONFIG-DIR",
            description =
                    "Selects the deployment by its configuration directory; optional if"
                            + " only one is running")
    private @Nullable Path config;

    /** Returns the socket of the deployment that runs a directory. */
    static Path socket(@Nullable Path state, Path directory) throws IOException {
        return (state == null ? usual(directory) : state).toAbsolutePath().resolve(SOCKET);
    }

    /** Selects as a command of another bundle was told. */
    static StateOption of(Deployment deployment) {
        StateOption option = new StateOption();
        option.state = deployment.state();
        option.config = deployment.configuration();
        return option;
    }

    /** Returns the socket of the selected deployment. */
    Path socket() throws IOException {
        if (state == null && config == null) {
            state = told(STATE_PROPERTY);
            config = told(CONFIG_PROPERTY);
        }
        if (state != null) {
            return there(state.toAbsolutePath().resolve(SOCKET));
        }
        if (config != null) {
            return there(socket(null, config));
        }
        List<Path> found = running(base());
        if (found.size() != 1) {
            throw new IOException(
                    found.isEmpty()
                            ? "no deployment of yours runs here (none in "
                                    + base()
                                    + "): start one by 'netloop run DIR', or name the directory of"
                                    + " its state by --state"
                            : found.size()
                                    + " deployments run here: select one with --config, or with"
                                    + " --state one of "
                                    + found.stream()
                                            .map(socket -> socket.resolveSibling("").toString())
                                            .sorted()
                                            .collect(Collectors.joining(", ")));
        }
        return found.getFirst();
    }

    /** Returns the sockets below a directory: of several, those at which somebody answers. */
    static List<Path> running(Path base) throws IOException {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(base)) {
            try (DirectoryStream<Path> all = Files.newDirectoryStream(base)) {
                all.forEach(directory -> found.add(directory.resolve(SOCKET)));
            }
        }
        found.removeIf(socket -> !Files.exists(socket));
        if (found.size() > 1) {
            // One that was killed left its socket.
            found.removeIf(socket -> !SocketFile.isServed(socket));
        }
        return found;
    }

    private static @Nullable Path told(String property) {
        String value = System.getProperty(property, "");
        return value.isEmpty() ? null : Path.of(value);
    }

    private static Path there(Path socket) throws IOException {
        if (!Files.exists(socket)) {
            throw new IOException("no deployment answers at " + socket + ": does it run?");
        }
        return socket;
    }

    private static Path base() {
        String runtime = System.getenv("XDG_RUNTIME_DIR");
        return Path.of(runtime == null || runtime.isBlank() ? "/run" : runtime, "netloop");
    }

    private static Path usual(Path directory) throws IOException {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(
                                    directory
                                            .toRealPath()
                                            .toString()
                                            .getBytes(StandardCharsets.UTF_8));
            return base().resolve(HexFormat.of().formatHex(digest, 0, SHORT));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
