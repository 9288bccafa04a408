package org.netloop.api.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.URI;
import java.time.Duration;

class FetchRequestTest {
    private static final URI OBJECT = URI.create("http://me:secret@host/object");
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static FetchRequest range(long offset, long length) {
        return new FetchRequest(OBJECT, offset, length, SECOND, FetchPurpose.DEMAND);
    }

    @Test
    void onlyAllOfAnObjectIsWhole() {
        assertThat(FetchRequest.whole(OBJECT, SECOND, FetchPurpose.DEMAND))
                .isEqualTo(range(0, FetchRequest.TO_END));
        assertThat(range(0, FetchRequest.TO_END).isWhole()).isTrue();
        assertThat(range(1, FetchRequest.TO_END).isWhole()).isFalse();
        assertThat(range(0, 1).isWhole()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"-1,1", "0,0", "0,-2"})
    void noRangeIsRefused(long offset, long length) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> range(offset, length))
                .withMessageContaining(offset + " + " + length)
                .withMessageNotContaining("secret");
    }

    @Test
    void aFetchHasATimeLimit() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FetchRequest.whole(OBJECT, Duration.ZERO, FetchPurpose.PREFETCH))
                .withMessageContaining("timeout");
    }

    @Test
    void itsTextTellsTheRangeAndNoSecret() {
        assertThat(range(7, 9))
                .hasToString("bytes from 7, 9 of http://host/object within PT1S, DEMAND");
        assertThat(range(7, FetchRequest.TO_END).toString()).contains("bytes from 7, all of");
    }
}
