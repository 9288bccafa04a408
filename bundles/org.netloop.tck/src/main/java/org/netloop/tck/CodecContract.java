package org.netloop.tck;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.netloop.api.codec.Codec;

/** What every {@link Codec} promises. */
public abstract class CodecContract {

    /** The codec under test. */
    protected abstract Codec codec();

    @Test
    void itsIdIsShortAndPlain() {
        assertThat(codec().id()).matches("[a-z0-9-]{1,16}");
    }
}
