package org.netloop.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.netloop.api.volume.Volume;
import org.netloop.tck.MemoryImage;

import picocli.CommandLine;

class OverlayOptionsTest {
    private final Volume base = MemoryImage.of(4096, new byte[4096]);

    private static OverlayOptions options(String... words) {
        return CommandLine.populateCommand(new OverlayOptions(), words);
    }

    @Test
    void withoutThemTheVolumeIsShownAsItIs() throws Exception {
        try (OverlayOptions.Top top = options().open(base, null)) {
            assertThat(top.volume()).isSameAs(base);
        }
    }

    @Test
    void whatWouldHaveNoEffectIsRefused() {
        assertThatThrownBy(() -> options("--overlay-budget", "1G").open(base, null))
                .hasMessage("--overlay-budget needs --overlay");
        assertThatThrownBy(() -> options("--overlay-snapshot", "s").open(base, null))
                .hasMessage("--overlay-snapshot needs --overlay");
        OverlayOptions both =
                options("--overlay", "d", "--overlay-snapshot", "s", "--overlay-budget", "1G");
        assertThatThrownBy(() -> both.open(base, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a snapshot is read-only");
    }
}
