package org.netloop.api.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.nio.file.Path;

class ReferenceTest {

    @ParameterizedTest
    @ValueSource(strings = {"joe:s3cret@host", "HTTP:joe:s3cret@host", "a0:s3cret.img"})
    void whatHasASchemeAndNoPathIsRefusedWithoutBeingShown(String text) {
        assertThatThrownBy(() -> Reference.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not a URI with a path")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void aPathIsAnAbsoluteFileUri() {
        assertThat(Reference.uri("./a0:b.img"))
                .isEqualTo(Path.of("a0:b.img").toAbsolutePath().toUri());
        assertThat(Reference.uri("HTTP://host/x")).isEqualTo(URI.create("http://host/x"));
    }
}
