package org.netloop.api.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.Map;
import java.util.Set;

class AttachmentSpecTest {
    private final AttachmentSpec spec =
            new AttachmentSpec("/mnt", Map.of("name", "a", "speed", "9", "colour", "red"));

    @Test
    void knownOptionsPass() throws Exception {
        assertThat(spec.only(Set.of("name", "speed", "colour", "loop"))).isSameAs(spec);
        assertThat(new AttachmentSpec("/mnt", Map.of()).only(Set.of()).place()).isEqualTo("/mnt");
    }

    @Test
    void anUnknownOptionIsNamedBesideTheKnownOnes() {
        assertThatThrownBy(() -> spec.only(Set.of("name", "colour", "loop")))
                .isInstanceOf(IOException.class)
                .hasMessage("unknown option speed; this frontend knows colour, loop, name");
        assertThatThrownBy(() -> spec.only(Set.of("name")))
                .hasMessage("unknown options colour, speed; this frontend knows name");
        assertThatThrownBy(() -> spec.only(Set.of())).hasMessageEndingWith("has none");
    }

    @Test
    void aNegativeRankIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AttachmentSpec("/mnt", Map.of(), -1))
                .withMessageContaining("/mnt");
    }
}
