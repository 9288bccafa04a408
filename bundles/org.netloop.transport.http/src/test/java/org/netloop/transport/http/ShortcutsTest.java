package org.netloop.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Tests how long redirects are remembered, by a clock of the test's own. */
class ShortcutsTest {
    private static final String A = "ab" + "0".repeat(62);
    private static final String B = "cd" + "1".repeat(62);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final AtomicLong clock = new AtomicLong();
    private final Shortcuts shortcuts = new Shortcuts(clock::get);

    private static URI uri(String text) {
        return URI.create(text.replace("$A", A).replace("$B", B));
    }

    @ParameterizedTest
    @CsvSource({
        "http://m/r/blocks/ab/$A, http://o/x/blocks/ab/$A, http://m/r/blocks/cd/$B, http://o/x/blocks/cd/$B",
        "http://m/r/images/$A.json, http://o/images/$A.json, http://m/r/images/$B.json, http://o/images/$B.json",
        "http://m/$A, http://o/$A, http://m/$B, http://o/$B",
        // Another directory, another name, a signed place, a query: nothing is known.
        "http://m/r/blocks/ab/$A, http://o/x/blocks/ab/$A, http://m/r/images/$B.json,",
        "http://m/r/blocks/ab/$A, http://o/x/blocks/ab/$A, http://m/r/channels/stable.json,",
        "http://m/r/blocks/ab/$A, http://o/x/other, http://m/r/blocks/cd/$B,",
        "http://m/r/blocks/ab/$A, http://o/ab/$A?sig=1, http://m/r/blocks/cd/$B,",
        "http://m/r/blocks/ab/$A, http://o/x/blocks/ab/$A, http://m/r/blocks/cd/$B?x,",
        "http://m/r/blocks/ab/$A, http://o/x/blocks/ab/$A, http://n/r/blocks/cd/$B,",
        "http://m/r/blocks/ab/$A, http://o/x/blocks/ab/$A, https://m/r/blocks/cd/$B,",
    })
    void neighboursAreLedAlong(String from, String to, String neighbour, String expected) {
        shortcuts.learn(null, uri(from), uri(to), MINUTE);
        assertThat(shortcuts.find(null, uri(from), 0)).isEqualTo(uri(to));
        assertThat(shortcuts.find(null, uri(neighbour), 0))
                .isEqualTo(expected == null ? null : uri(expected));
    }

    @Test
    void nothingIsKeptForLongerThanItHolds() {
        shortcuts.learn(null, uri("http://m/a"), uri("http://o/a"), MINUTE);
        clock.set(MINUTE.toNanos() - 1);
        assertThat(shortcuts.find(null, uri("http://m/a"), 0)).isNotNull();
        clock.set(MINUTE.toNanos());
        assertThat(shortcuts.find(null, uri("http://m/a"), 0)).isNull();
        shortcuts.learn(null, uri("http://m/a"), uri("http://o/a"), Duration.ZERO);
        assertThat(shortcuts.find(null, uri("http://m/a"), 0)).isNull();
    }

    @Test
    void whatIsForgottenIsForgottenForNeighboursToo() {
        shortcuts.learn(null, uri("http://m/b/ab/$A"), uri("http://o/b/ab/$A"), MINUTE);
        shortcuts.forget(null, uri("http://m/b/ab/$A"));
        assertThat(shortcuts.find(null, uri("http://m/b/cd/$B"), 0)).isNull();
    }

    @Test
    void aSecondReadOfTheSamePartIsNoGuess() {
        shortcuts.learn(null, uri("http://m/b/ab/$A"), uri("http://o/b/ab/$A"), MINUTE);
        assertThat(shortcuts.find(null, uri("http://m/b/cd/$B"), 0)).isNotNull();
        assertThat(shortcuts.find(null, uri("http://m/b/cd/$B"), 100)).isNotNull();
        assertThat(shortcuts.find(null, uri("http://m/b/cd/$B"), 0)).isNull();
    }

    @Test
    void theTableIsBounded() {
        for (int i = 0; i <= Shortcuts.MOST; i++) {
            shortcuts.learn(null, uri("http://m/" + i), uri("http://o/" + i), MINUTE);
        }
        assertThat(shortcuts.find(null, uri("http://m/0"), 0)).isNull();
        assertThat(shortcuts.find(null, uri("http://m/1"), 0)).isNotNull();
    }
}
