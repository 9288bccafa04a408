package org.netloop.api.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void columnsAlignUnderTheirHeaders() {
        Table table = new Table("KIND", "SIZE", "NAME");
        table.add("image", 1, "größe\u001b[2J");
        table.add("channel", 4096, null);

        assertThat(table.lines())
                .containsExactly(
                        "KIND     SIZE  NAME", "image    1     größe\\x1b[2J", "channel  4096  -");
    }

    @Test
    void theLastColumnIsBrokenBetweenWordsWhereATerminalIsTooNarrow() {
        Table table = new Table("STATE", "WHY");
        table.add("good", "as it was");
        table.add("waiting", "no image at http://mirror.example/a/long/path/of/it/ and none");

        assertThat(table.lines(30))
                .containsExactly(
                        "STATE    WHY",
                        "good     as it was",
                        "waiting  no image at\n"
                                + "         http://mirror.example/a/long/path/of/it/\n"
                                + "         and none");
        assertThat(table.lines(20)).allMatch(row -> row.indexOf('\n') < 0);
    }

    @Test
    void aTextIsBrokenBetweenWords() {
        assertThat(Terminal.wrap("one two three", "  ", 9)).isEqualTo("one two\n  three");
        assertThat(Terminal.wrap("one two three", "", 13)).isEqualTo("one two three");
        assertThat(Terminal.wrap("", "  ", 9)).isEmpty();
    }

    @Test
    void aRowHasACellForEachColumn() {
        Table table = new Table("A", "B");

        assertThat(table.isEmpty()).isTrue();
        assertThatThrownBy(() -> table.add("1")).hasMessageContaining("1 cells");
    }
}
