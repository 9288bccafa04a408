package org.netloop.launcher.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

import java.util.concurrent.atomic.AtomicLong;

class RepeatsTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final Repeats repeats = new Repeats(now::get);

    private boolean admit(String template, String text) {
        return repeats.admit("org.netloop.Mirror", Level.WARN, template, text);
    }

    @Test
    void aTextIsShownOnceAPeriodAndThenCounted() {
        assertThat(admit("mirror {} failed", "mirror a failed")).isTrue();
        assertThat(admit("mirror {} failed", "mirror a failed")).isFalse();
        assertThat(admit("mirror {} failed", "mirror a failed")).isFalse();
        assertThat(repeats.ended()).isEmpty();

        now.addAndGet(Repeats.PERIOD.toNanos());

        assertThat(repeats.ended())
                .containsExactly(
                        new Repeats.Summary(
                                "org.netloop.Mirror",
                                Level.WARN,
                                2,
                                Repeats.PERIOD.toSeconds(),
                                "mirror a failed"));
        assertThat(repeats.areWaiting()).isFalse();
        assertThat(admit("mirror {} failed", "mirror a failed")).isTrue();
    }

    @Test
    void someTextsOfOneTemplateAreShownAndTheRestCounted() {
        int shown = 0;
        for (int i = 0; i < 1000; i++) {
            shown += admit("client {} is refused", "client " + i + " is refused") ? 1 : 0;
        }

        assertThat(shown).isEqualTo(Repeats.TEXTS);
        assertThat(repeats.all())
                .singleElement()
                .satisfies(summary -> assertThat(summary.count()).isEqualTo(1000 - shown(summary)));
    }

    private static long shown(Repeats.Summary summary) {
        assertThat(summary.last()).isEqualTo("client 999 is refused");
        return Repeats.TEXTS;
    }

    @Test
    void templatesAreCountedApart() {
        assertThat(admit("one {}", "one 1")).isTrue();
        assertThat(admit("two {}", "two 1")).isTrue();
        assertThat(admit("one {}", "one 1")).isFalse();
        assertThat(admit("two {}", "two 2")).isTrue();
    }

    @Test
    void howMuchIsRememberedHasALimit() {
        int shown = 0;
        for (int i = 0; i < 2 * Repeats.TEMPLATES; i++) {
            shown += admit("a template of its own " + i, "text " + i) ? 1 : 0;
        }

        assertThat(shown).isEqualTo(Repeats.TEMPLATES + Repeats.TEXTS);
    }
}
