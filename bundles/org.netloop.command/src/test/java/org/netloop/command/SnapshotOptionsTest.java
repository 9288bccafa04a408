package org.netloop.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.netloop.api.control.ControlClient;
import org.netloop.api.control.Deployment;
import org.netloop.api.volume.Overlays;

import picocli.CommandLine;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A deployment keeps no snapshot that nobody reads. */
class SnapshotOptionsTest {
    private final List<String> asked = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private @Nullable Deployment meant;

    /** A live one asks nothing of the overlays of this process. */
    private final Overlays overlays =
            (Overlays)
                    Proxy.newProxyInstance(
                            Overlays.class.getClassLoader(),
                            new Class<?>[] {Overlays.class},
                            (_, method, _) -> {
                                throw new AssertionError(method.getName());
                            });

    private ControlClient client(@Nullable String directory, boolean discards) {
        return (deployment, verb, arguments) -> {
            meant = deployment;
            asked.add(verb);
            names.add(String.valueOf(arguments.get("snapshot")));
            if (verb.startsWith("overlay.snapshot.") && directory != null) {
                return Map.of("directory", directory);
            }
            if (verb.startsWith("overlay.discard.") && discards) {
                return Map.of();
            }
            throw new IOException(verb + " was not answered in time");
        };
    }

    private static SnapshotOptions live() {
        return CommandLine.populateCommand(new SnapshotOptions(), "--live", "root");
    }

    @Test
    void theDeploymentIsFoundByItsSocketOrByItsConfiguration() throws Exception {
        String[] told = {"--live", "root", "--state", "/run/s", "--config", "/etc/c"};
        try (SnapshotOptions.Taken _ =
                CommandLine.populateCommand(new SnapshotOptions(), told)
                        .take(overlays, client("/over", true))) {
            assertThat(meant).isEqualTo(new Deployment(Path.of("/run/s"), Path.of("/etc/c")));
        }
    }

    @Test
    void whatWasTakenIsDiscardedInTheEnd() throws Exception {
        try (SnapshotOptions.Taken taken = live().take(overlays, client("/over", true))) {
            assertThat(taken.directory()).isEqualTo(Path.of("/over"));
            assertThat(asked).containsExactly("overlay.snapshot.root");
        }
        assertThat(asked).containsExactly("overlay.snapshot.root", "overlay.discard.root");
        assertThat(names.getFirst()).isEqualTo(names.getLast());
    }

    @Test
    void aSnapshotWhoseAnswerIsLostIsDiscardedToo() {
        for (boolean discards : new boolean[] {true, false}) {
            asked.clear();
            names.clear();
            assertThatThrownBy(() -> live().take(overlays, client(null, discards)))
                    .isInstanceOf(IOException.class)
                    .hasMessage("overlay.snapshot.root was not answered in time");
            assertThat(asked).containsExactly("overlay.snapshot.root", "overlay.discard.root");
            assertThat(names.getFirst()).isEqualTo(names.getLast());
        }
    }
}
