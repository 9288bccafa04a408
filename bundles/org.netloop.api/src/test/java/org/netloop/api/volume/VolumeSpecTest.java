package org.netloop.api.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.netloop.api.index.Reference;
import org.netloop.api.trust.TrustSpec;
import org.netloop.api.volume.Volumes.Opening;
import org.netloop.api.volume.Volumes.Prefetch;
import org.netloop.api.volume.Volumes.VolumeSpec;

import java.net.URI;
import java.time.Duration;
import java.util.List;

class VolumeSpecTest {
    private static final Reference IMAGE = Reference.parse("http://host/repository#stable");
    private static final URI MIRROR = URI.create("http://mirror/");
    private static final Duration PATIENCE = Duration.ofSeconds(9);

    @Test
    void withoutMoreNothingIsFetchedAheadAndTheHostDecidesOnTrust() {
        VolumeSpec spec = new VolumeSpec("root", IMAGE, List.of(MIRROR), PATIENCE);
        assertThat(spec)
                .isEqualTo(
                        new VolumeSpec(
                                "root",
                                IMAGE,
                                List.of(MIRROR),
                                PATIENCE,
                                Prefetch.NONE,
                                Opening.AS_FOUND,
                                TrustSpec.DEFAULT));
        TrustSpec key = new TrustSpec(List.of("key"), 1, List.of(), "");
        assertThat(spec.withTrust(key).trust()).isEqualTo(key);
        assertThat(spec.withTrust(key).withTrust(TrustSpec.DEFAULT)).isEqualTo(spec);
    }

    @Test
    void patienceIsNotNegative() {
        assertThat(new VolumeSpec("root", IMAGE, List.of(), VolumeSpec.FOR_EVER).patience())
                .isZero();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new VolumeSpec("root", IMAGE, List.of(), PATIENCE.negated()))
                .withMessage("a patience of PT-9S");
    }

    @Test
    void prefetchIsAWordOrAProfile() {
        assertThat(Prefetch.parse("auto")).isEqualTo(new Prefetch("boot", true, 0));
        assertThat(Prefetch.parse("none")).isEqualTo(new Prefetch("", false, 0));
        assertThat(Prefetch.parse("work")).isEqualTo(new Prefetch("work", true, 0));
        assertThat(Prefetch.AUTO.withFill(5)).isEqualTo(new Prefetch("boot", true, 5));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Prefetch.parse("../x"))
                .withMessage("'../x' is not a valid profile name");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Prefetch.NONE.withFill(-1))
                .withMessage("a fill of -1 bytes a second");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RAW", "a b", "../raw", "a-format-of-more-than-32-characters"})
    void aFormatIsAnId(String format) {
        assertThat(new Opening("qcow2", true).format()).isEqualTo("qcow2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Opening(format, false))
                .withMessageContaining("'" + format + "' is not the id of an index format");
    }
}
