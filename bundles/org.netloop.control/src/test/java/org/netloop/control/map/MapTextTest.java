package org.netloop.control.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/** The line of characters that stands for a map. */
class MapTextTest {
    private static List<Integer> cell(Integer... shares) {
        return List.of(shares);
    }

    @Test
    void eachCellHasTheCharacterOfItsMostFrequentPlace() {
        MapText text =
                new MapText(
                        Map.of(
                                "cells",
                                List.of(
                                        cell(0, 1000, 0, 0, 0, 0, 0, 0, 0),
                                        cell(1, 0, 1000, 0, 0, 0, 0, 0, 0),
                                        cell(2, 0, 0, 900, 0, 100, 0, 0, 100),
                                        cell(3, 0, 0, 1000, 0, 0, 0, 0, 600),
                                        cell(4, 0, 0, 999, 1, 0, 0, 0, 0),
                                        cell(5, 0, 0, 400, 0, 600, 0, 0, 0),
                                        cell(6, 0, 0, 400, 0, 0, 600, 0, 0),
                                        cell(7, 0, 0, 0, 0, 0, 0, 1000, 0))));
        assertThat(text.line()).isEqualTo("?.-p>+#o");
        assertThat(text.legend()).contains("o overlaid 12.5 %", "in the profile 8.8 %");
    }

    @Test
    void anotherFormIsRefused() {
        assertThatThrownBy(() -> new MapText(Map.of("cells", List.of(cell(1, 2)))))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
