package org.netloop.api.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.netloop.api.systemd.PassedDescriptors.Passed;

import java.util.Map;

/** Tests what a service manager passes, and keeps. */
class PassedDescriptorsTest {
    private static PassedDescriptors passed(String count, String names) {
        return new PassedDescriptors(
                Map.of("LISTEN_PID", "7", "LISTEN_FDS", count, "LISTEN_FDNAMES", names), 7);
    }

    @Test
    void eachIsTakenOnce() {
        PassedDescriptors passed = passed("3", "nbd:control:nbd");
        assertThat(passed.take(one -> one.name().equals("nbd"))).contains(new Passed(3, "nbd"));
        assertThat(passed.take(one -> one.name().equals("nbd"))).contains(new Passed(5, "nbd"));
        assertThat(passed.take(one -> one.name().equals("nbd"))).isEmpty();
        assertThat(passed.take(_ -> true)).contains(new Passed(4, "control"));
    }

    @Test
    void whatHasNoNameIsUnknown() {
        PassedDescriptors passed = passed("2", "nbd");
        assertThat(passed.take(one -> one.name().equals("unknown")))
                .contains(new Passed(4, "unknown"));
        assertThat(passed("1", "").take(_ -> true)).contains(new Passed(3, "unknown"));
    }

    @Test
    void whatIsForAnotherProcessOrNoNumberIsNothing() {
        for (String count : new String[] {"", "-1", "x", "99999"}) {
            assertThat(passed(count, "").take(_ -> true)).isEmpty();
        }
        assertThat(
                        new PassedDescriptors(Map.of("LISTEN_PID", "8", "LISTEN_FDS", "1"), 7)
                                .take(_ -> true))
                .isEmpty();
        assertThat(new PassedDescriptors(Map.of("LISTEN_FDS", "1"), 7).take(_ -> true)).isEmpty();
    }

    @Test
    void aStoreIsWhereAManagerSaysThatItKeepsDescriptors() {
        assertThat(DescriptorStore.of(Map.of("NOTIFY_SOCKET", "/run/notify", "FDSTORE", "16")))
                .contains(new DescriptorStore("/run/notify"));
        for (String most : new String[] {"", "0", "many"}) {
            assertThat(DescriptorStore.of(Map.of("NOTIFY_SOCKET", "/run/notify", "FDSTORE", most)))
                    .isEmpty();
        }
        assertThat(DescriptorStore.of(Map.of("FDSTORE", "16"))).isEmpty();
        DescriptorStore store = new DescriptorStore("/run/notify");
        for (String name : new String[] {"", "a:b", "a b", "a\nFDSTOREREMOVE=1"}) {
            assertThatThrownBy(() -> store.remove(name))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
