package org.netloop.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Lines, and what is run for them. */
class SessionTest {
    private static final int CODE = 3;

    private final List<List<String>> ran = new ArrayList<>();
    private final CountDownLatch waiting = new CountDownLatch(1);
    private final Session session = new Session(List.of("mirror", "fails", "waits"), this::command);

    private int command(String[] words) {
        ran.add(List.of(words));
        if (words[0].equals("waits")) {
            waiting.countDown();
            try {
                Thread.sleep(Long.MAX_VALUE);
            } catch (InterruptedException _) {
                return CODE;
            }
        }
        return words[0].equals("fails") ? CODE : 0;
    }

    @AfterEach
    void close() {
        session.close();
    }

    @Test
    void wordsComeToTheCommandAsTheyAreWritten() throws Exception {
        String uri = "http://127.0.0.1:80/x?a=*&b";
        assertThat(session.run("mirror add root '" + uri + "' a.b=c,d --all \"two words\""))
                .isZero();
        assertThat(ran)
                .containsExactly(
                        List.of("mirror", "add", "root", uri, "a.b=c,d", "--all", "two words"));
    }

    @Test
    void aLineOrScriptEndsAtTheFirstCommandThatFails() throws Exception {
        assertThat(session.run("mirror 1; fails; mirror 2")).isEqualTo(CODE);
        assertThat(session.run("mirror 3\nfails\nmirror 4\n")).isEqualTo(CODE);
        assertThat(ran)
                .containsExactly(
                        List.of("mirror", "1"),
                        List.of("fails"),
                        List.of("mirror", "3"),
                        List.of("fails"));
    }

    @Test
    void variablesAreThoseOfGogo() throws Exception {
        assertThat(session.run("volume = root; mirror ls $volume")).isZero();
        assertThat(ran).containsExactly(List.of("mirror", "ls", "root"));
    }

    @Test
    void whatIsNoCommandOrNoLineFails() throws Exception {
        assertThat(session.run("frob x")).isEqualTo(1);
        assertThat(session.run("mirror 'x")).isEqualTo(1);
        assertThat(session.run("")).isZero();
        assertThat(ran).isEmpty();
    }

    @Test
    void theUserLeaves() {
        assertThatThrownBy(() -> session.run("mirror; exit; fails"))
                .isInstanceOf(LeaveException.class);
        assertThat(ran).containsExactly(List.of("mirror"));
    }

    @Test
    void whatRunsIsInterruptedAndEndsByItself() throws Exception {
        Thread interrupter =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        waiting.await();
                                    } catch (InterruptedException _) {
                                        return;
                                    }
                                    session.interrupt();
                                });
        assertThat(session.run("waits")).isEqualTo(CODE);
        interrupter.join();
        assertThat(session.run("mirror")).isZero();
    }
}
