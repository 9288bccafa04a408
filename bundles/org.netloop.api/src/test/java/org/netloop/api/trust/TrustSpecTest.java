package org.netloop.api.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

import java.util.List;

class TrustSpecTest {
    private static TrustSpec spec(int threshold, String... keys) {
        return new TrustSpec(List.of(keys), threshold, List.of(), "");
    }

    @Test
    void withoutKeysTheHostDecides() {
        assertThat(TrustSpec.DEFAULT.isDefault()).isTrue();
        assertThat(TrustSpec.DEFAULT.isNone()).isFalse();
        assertThat(spec(0, " ", "")).isEqualTo(TrustSpec.DEFAULT);
        assertThat(spec(0, "key").isDefault()).isFalse();
    }

    @Test
    void noneStandsAlone() {
        assertThat(spec(0, " none ").isNone()).isTrue();
        assertThat(TrustSpec.NONE.isDefault()).isFalse();
        assertThat(spec(0, "key").isNone()).isFalse();
        String why = "trust 'none' cannot be combined with keys or a threshold";
        assertThatIllegalArgumentException()
                .isThrownBy(() -> spec(0, "none", "key"))
                .withMessage(why);
        assertThatIllegalArgumentException().isThrownBy(() -> spec(1, "none")).withMessage(why);
    }

    @Test
    void aThresholdIsOfKeysAndHasBounds() {
        assertThat(spec(16, "key").threshold()).isEqualTo(16);
        for (int threshold : new int[] {-1, 17}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> spec(threshold, "key"))
                    .withMessage("a trust threshold of " + threshold + " is not from 1 to 16");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> spec(1))
                .withMessage("a trust threshold of 1 needs keys: name them by trust");
    }

    @Test
    void keysAreTakenWithoutTheirSpaces() {
        TrustSpec spec = new TrustSpec(List.of(" a", "", "b "), 2, List.of("", " c "), "site");
        assertThat(spec.keys()).containsExactly("a", "b");
        assertThat(spec.revoked()).containsExactly("c");
        assertThat(spec.repository()).isEqualTo("site");
    }

    @Test
    void anIdentityIsOneWord() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TrustSpec(List.of(), 0, List.of(), "my site"))
                .withMessageContaining("'my site' is not the identity of a repository");
    }
}
