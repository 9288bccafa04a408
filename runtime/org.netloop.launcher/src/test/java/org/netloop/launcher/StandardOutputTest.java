package org.netloop.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;

class StandardOutputTest {

    @Test
    void whatCannotBeWrittenIsToldInsteadOfForgotten() {
        PrintStream full =
                StandardOutput.stream(
                        new OutputStream() {
                            @Override
                            public void write(int one) throws IOException {
                                throw new IOException("No space left on device");
                            }
                        });

        assertThatThrownBy(() -> full.println("a result"))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("standard output cannot be written: the file system is full");
    }

    @Test
    void aResultGoesOutAsItIsPrinted() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        StandardOutput.stream(out).print("a");

        assertThat(out.size()).isEqualTo(1);
    }
}
