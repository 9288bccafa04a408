package org.netloop.api.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine.TypeConversionException;

class SizeConverterTest {
    private final SizeConverter converter = new SizeConverter();

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "262144, 262144",
        "256K, 262144",
        "3MiB, 3145728",
        "20G, 21474836480",
        "64TB, 70368744177664",
        "8191P, 9222246136947933184"
    })
    void sizesAreBytesOrHaveABinarySuffix(String text, long bytes) {
        assertThat(converter.convert(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1.5G", "20g", "20 G", "G", "1E", "0x10"})
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> converter.convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("'" + text + "' is not a size");
    }

    @Test
    void aSizeThatNoLongHoldsIsTooLarge() {
        assertThatThrownBy(() -> converter.convert("8192P"))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("'8192P' is too large");
    }
}
