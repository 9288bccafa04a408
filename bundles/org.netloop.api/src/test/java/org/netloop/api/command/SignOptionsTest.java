package org.netloop.api.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.netloop.api.transport.FetchException;

import picocli.CommandLine;

import java.util.List;

class SignOptionsTest {
    private static SignOptions options(String... words) {
        SignOptions options = new SignOptions();
        new CommandLine(new Holder(options)).parseArgs(words);
        return options;
    }

    @CommandLine.Command
    private static final class Holder {
        @CommandLine.Mixin private final SignOptions options;

        Holder(SignOptions options) {
            this.options = options;
        }
    }

    @Test
    void nothingIsSignedUnlessAKeyIsNamed() throws Exception {
        assertThat(options().signing(List.of())).isNull();
        assertThat(options("--valid-days", "3").signing(List.of())).isNull();
    }

    @Test
    void aKeyNeedsAScheme() {
        assertThatThrownBy(() -> options("--sign", "none.sec").signing(List.of()))
                .isInstanceOf(FetchException.Unsupported.class)
                .hasMessageContaining("install the feature trust-signify");
    }
}
