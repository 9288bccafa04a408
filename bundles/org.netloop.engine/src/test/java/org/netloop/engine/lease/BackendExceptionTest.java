package org.netloop.engine.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.junit.jupiter.api.Test;

class BackendExceptionTest {

    /** Stands for a codec whose native library cannot be loaded. */
    private static final class Unusable {
        static final int NUMBER = number();

        private Unusable() {}

        private static int number() {
            throw new IllegalStateException("no room for the library");
        }
    }

    @Test
    void aClassThatCannotBeInitialisedIsToldWithWhatWentWrongAtFirst() {
        for (int use = 0; use < 3; use++) {
            Throwable thrown = catchThrowable(() -> assertThat(Unusable.NUMBER).isZero());
            assertThat(thrown).isInstanceOf(LinkageError.class);
            assertThat(BackendException.described(thrown)).contains("no room for the library");
        }
    }
}
