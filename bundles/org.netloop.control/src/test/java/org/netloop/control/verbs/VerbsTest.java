package org.netloop.control.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.netloop.api.control.ControlRequest;
import org.netloop.api.control.ControlVerb;
import org.netloop.api.control.DeploymentControl;
import org.netloop.api.status.Measure;
import org.netloop.api.status.Measures;
import org.netloop.api.status.Report;
import org.netloop.api.status.Reporter;
import org.netloop.control.TestFramework;
import org.netloop.control.changes.ChangeTurns;
import org.netloop.control.registry.Services;
import org.netloop.control.socket.ControlSocket;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/** Verbs and reporters of plugins, good and bad, at the control socket. */
@Timeout(60)
class VerbsTest {
    private static final String PASSWORD = "hunter2-is-secret";

    @TempDir private Path directory;
    private TestFramework framework;
    private final ChangeTurns turns =
            new ChangeTurns(() -> false, CompletableFuture.completedFuture(null));
    private Verbs verbs;
    private ControlSocket socket;

    @BeforeEach
    void start() throws Exception {
        framework = TestFramework.start(directory.resolve("framework"), Map.of());
        verbs = new Verbs(framework.context(), turns, 1);
        verbs.register(_ -> Map.of("message", "its own"), List.of("own.verb"));
        socket = new ControlSocket(file(), verbs);
    }

    @AfterEach
    void stop() throws Exception {
        socket.close();
        verbs.close();
        framework.close();
    }

    private Path file() {
        return directory.resolve("state/control.sock");
    }

    private void plug(String name, ControlVerb verb) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(ControlVerb.NAME, name);
        properties.put(Constants.SERVICE_RANKING, 1000);
        framework.context().registerService(ControlVerb.class, verb, properties);
    }

    private Map<String, Object> ask(String verb) throws IOException {
        return ControlSocket.ask(file(), Map.of("do", verb, "name", "you"));
    }

    @Test
    void aPluginsVerbIsAnsweredFromWhenItComes() throws Exception {
        assertThatThrownBy(() -> ask("hello"))
                .hasMessageContaining("no bundle of this deployment answers 'hello'")
                .hasMessageContaining("own.verb");
        plug("hello", request -> Map.of("message", "hello " + request.text("name")));
        assertThat(ask("hello")).containsEntry("message", "hello you");
        assertThat(ask("verb.ls").get("verbs"))
                .isEqualTo(List.of("hello", "log.recent", "own.verb", "verb.ls"));
    }

    @Test
    void theLogsLastWarningsAreTheLaunchers() throws Exception {
        assertThat(ask("log.recent").get("lines")).isEqualTo(List.of());
        List<Map<String, String>> lines = List.of(Map.of("level", "WARN", "message", "a\u0007b"));
        Supplier<List<Map<String, String>>> recent = () -> lines;
        framework
                .context()
                .registerService(
                        Supplier.class,
                        recent,
                        new Hashtable<>(Map.of("netloop.log.recent", true)));
        assertThat(String.valueOf(ask("log.recent").get("lines")))
                .contains("level=WARN")
                .doesNotContain("\u0007");
    }

    @Test
    void aBundleOfThisProcessIsAnsweredAsAClientIs() throws Exception {
        plug("hello", _ -> Map.of("message", "http://me:" + PASSWORD + "@a.example/"));
        BundleContext context = framework.context();
        DeploymentControl control =
                Objects.requireNonNull(
                        context.getService(
                                Objects.requireNonNull(
                                        context.getServiceReference(DeploymentControl.class))));
        assertThat(control.ask("hello", Map.of()))
                .hasSize(1)
                .extractingByKey("message")
                .asString()
                .contains("a.example")
                .doesNotContain(PASSWORD);
        assertThatThrownBy(() -> control.ask("absent", Map.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no bundle of this deployment answers 'absent'");
    }

    @Test
    void noPluginTakesAVerbOfTheDeployment() throws Exception {
        plug("own.verb", _ -> Map.of("message", "stolen"));
        assertThat(ask("own.verb")).containsEntry("message", "its own");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 501})
    void aTimeLimitThatAnUpgradeCannotHaveIsRefused(long seconds) {
        UpgradeVerb verb =
                new UpgradeVerb(
                        framework.context(),
                        List.of(),
                        () -> {
                            throw new IOException("not asked");
                        },
                        new CountDownLatch(1),
                        turns);
        ControlRequest request =
                new ControlRequest(
                        UpgradeVerb.NAME,
                        Map.of(
                                UpgradeVerb.HOME,
                                directory.toString(),
                                UpgradeVerb.WITHIN,
                                seconds));
        assertThatThrownBy(() -> verb.answer(request))
                .hasMessageContainingAll(" " + seconds + " s", "from 1 s to 500 s");
    }

    /** A plugin's verb whose requests are changes. */
    private record Changing(Map<String, ?> said) implements ControlVerb {
        @Override
        public boolean isChange(ControlRequest request) {
            return true;
        }

        @Override
        public Map<String, ?> answer(ControlRequest request) {
            return said;
        }
    }

    @Test
    void aChangeIsRefusedDuringAnUpgradeWhoeverAnswersIt() throws Exception {
        plug("plugged", new Changing(Map.of("message", "changed")));
        try (ChangeTurns.Turn _ = turns.upgrade()) {
            assertThatThrownBy(() -> ask("plugged"))
                    .hasMessageContaining("an upgrade is under way");
            assertThat(ask("own.verb")).containsEntry("message", "its own");
        }
        assertThat(ask("plugged")).containsEntry("message", "changed");
    }

    @Test
    void aVerbThatThrowsCostsItsClientAnError() throws Exception {
        plug(
                "broken",
                _ -> {
                    throw new StackOverflowError("deep");
                });
        plug(
                "refusing",
                _ -> {
                    throw new IOException("not today");
                });
        plug("lacking", request -> Map.of("it", request.text("what")));
        assertThatThrownBy(() -> ask("broken"))
                .hasMessageContaining("'broken' of bundle")
                .hasMessageContaining("deep");
        assertThatThrownBy(() -> ask("refusing")).hasMessage("not today");
        assertThatThrownBy(() -> ask("lacking")).hasMessageContaining("'what'");
        assertThat(ask("own.verb")).containsKey("message");
    }

    /** Waits, whatever its thread is told, until it is released. */
    private record Hanging(Duration limit, CountDownLatch inside, CountDownLatch released)
            implements ControlVerb {
        Hanging(Duration limit) {
            this(limit, new CountDownLatch(1), new CountDownLatch(1));
        }

        @Override
        public Map<String, ?> answer(ControlRequest request) {
            inside.countDown();
            while (true) {
                try {
                    released.await();
                    return Map.of("message", "late");
                } catch (InterruptedException _) {
                    // As a plugin that does not keep the contract.
                }
            }
        }
    }

    @Test
    void aVerbThatHangsIsLeftBehind() throws Exception {
        Hanging verb = new Hanging(Duration.ofMillis(1));
        plug("hanging", verb);
        assertThatThrownBy(() -> ask("hanging"))
                .hasMessageContaining("did not answer within 0.001 s");
        assertThat(ask("own.verb")).containsKey("message");
        verb.released().countDown();
    }

    @Test
    void callsOfOneVerbAreBoundedAndKeepNobodyElseWaiting() throws Exception {
        Hanging verb = new Hanging(Duration.ofMinutes(1));
        plug("hanging", verb);
        CompletableFuture<Map<String, Object>> first = new CompletableFuture<>();
        Thread.startVirtualThread(
                () -> {
                    try {
                        first.complete(ask("hanging"));
                    } catch (IOException e) {
                        first.completeExceptionally(e);
                    }
                });
        verb.inside().await();
        assertThatThrownBy(() -> ask("hanging")).hasMessageContaining("is busy with 1 requests");
        assertThat(ask("own.verb")).containsKey("message");
        verb.released().countDown();
        assertThat(first.get()).containsEntry("message", "late");
        assertThat(ask("hanging")).containsEntry("message", "late");
    }

    @Test
    void anAnswerIsOfPlainValuesAndBounded() throws Exception {
        plug("object", _ -> Map.of("thread", Thread.currentThread()));
        plug("long", _ -> Map.of("text", "x".repeat(17 << 20)));
        plug("deep", _ -> Map.of("list", nested(100)));
        assertThatThrownBy(() -> ask("object")).hasMessageContaining("Thread");
        assertThatThrownBy(() -> ask("long")).hasMessageContaining("characters");
        assertThatThrownBy(() -> ask("deep")).hasMessageContaining("nested");
    }

    private static List<?> nested(int depth) {
        return depth == 0 ? List.of() : List.of(nested(depth - 1));
    }

    @Test
    void noAnswerHasASecret() throws Exception {
        String uri = "https://user:" + PASSWORD + "@m.example/?sig=" + PASSWORD;
        plug("leaking", _ -> Map.of("message", "see " + uri, "list", List.of(Map.of("uri", uri))));
        assertThat(ask("leaking").toString()).contains("m.example").doesNotContain(PASSWORD);
    }

    @Test
    void aReporterThatThrowsIsReportedAndTheOthersAreShown() throws Exception {
        Reporter good =
                () ->
                        List.of(
                                Report.of(
                                        new Report.Part("mine", "one"),
                                        new Measures(Map.of())
                                                .counter("mine_hits", "", "Hits.", 3)
                                                .list()));
        for (Reporter each :
                List.<Reporter>of(
                        () -> {
                            throw new IllegalStateException("broken");
                        },
                        good)) {
            framework.context().registerService(Reporter.class, each, null);
        }
        List<Report> reports = new Services(framework.context()).reports();
        assertThat(reports)
                .anySatisfy(report -> assertThat(report.message()).contains("broken"))
                .flatExtracting(Report::measures)
                .extracting(Measure::toString)
                .containsExactly("mine_hits 3");
    }
}
