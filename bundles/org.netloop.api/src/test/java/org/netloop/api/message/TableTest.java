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
    void aRowHasACellForEachColumn() {
        Table table = new Table("A", "B");

        assertThat(table.isEmpty()).isTrue();
        assertThatThrownBy(() -> table.add("1")).hasMessageContaining("1 cells");
    }
}
