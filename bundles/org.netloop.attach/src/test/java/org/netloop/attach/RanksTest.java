package org.netloop.attach;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.netloop.api.status.Report;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

class RanksTest {

    private static Map<String, Object> attachment(String pid, int order, String place) {
        return new HashMap<>(
                Map.of("service.pid", pid, Report.ORDER, order, "frontend", "nbd", "place", place));
    }

    private final Map<String, Object> third = attachment("a", 7, "unix:/x");
    private final Map<String, Object> first = attachment("c", 2, "unix:/x");
    private final Map<String, Object> second = attachment("b", 3, "unix:/x");
    private final Map<String, Object> elsewhere = attachment("d", 0, "unix:/y");
    private final List<Map<String, Object>> all = List.of(third, first, elsewhere, second);

    @Test
    void theOrderIsThatOfTheConfigurationAtEachPlace() {
        assertThat(all).extracting(one -> Ranks.of(one, all)).containsExactly(2, 0, 0, 1);
    }

    @Test
    void whatIsDisabledDoesNotCount() {
        first.put("enabled", false);
        assertThat(Ranks.of(second, all)).isZero();
    }

    @Test
    void withoutAnOrderThePidsDecide() {
        all.forEach(one -> one.remove(Report.ORDER));
        assertThat(all).extracting(one -> Ranks.of(one, all)).containsExactly(0, 2, 0, 1);
    }
}
