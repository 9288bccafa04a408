package org.netloop.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.junit.jupiter.api.Test;
import org.netloop.api.index.IndexFormat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/**
 * Obligations of every {@link IndexFormat} towards files of other formats: it does not recognise
 * them. Needs nothing but the format; both suites of formats have it inside.
 */
public abstract class RecognitionContract {
    private static final int NOISES = 64;

    /** Files that many programs write: a format may be one of them, and no more. */
    private static final List<String> MAGIC_NUMBERS =
            List.of(
                    "504b0304",
                    "1f8b0800",
                    "7f454c46",
                    "89504e470d0a1a0a",
                    "fd377a585a00",
                    "28b52ffd",
                    "514649fb00000003",
                    "4b444d56",
                    "23212f62696e2f7368",
                    "25504446");

    /** Created by JUnit. */
    protected RecognitionContract() {}

    /** Returns the format under test. */
    protected abstract IndexFormat format();

    @Test
    void itHasAName() {
        assertThat(format().id()).isNotBlank();
    }

    @Test
    void whatIsNothingInParticularIsLeftToALastResort() {
        assumeFalse(format().isLastResort());
        List<byte[]> files =
                new ArrayList<>(
                        List.of(
                                new byte[0],
                                new byte[1],
                                new byte[100],
                                new byte[IndexFormat.HEAD_LENGTH],
                                "<!DOCTYPE html>".getBytes(US_ASCII),
                                "Just a few words.\n".repeat(100).getBytes(US_ASCII)));
        Random random = new Random(NOISES);
        for (int i = 0; i < NOISES; i++) {
            byte[] noise = new byte[IndexFormat.HEAD_LENGTH];
            random.nextBytes(noise);
            files.add(noise);
        }
        for (byte[] file : files) {
            assertThat(isTaken(file))
                    .as(
                            "%s takes a file of %s bytes that is not its own",
                            format().id(), file.length)
                    .isFalse();
        }
    }

    @Test
    void ofOtherProgramsFilesItTakesOneKindAtTheMost() {
        assumeFalse(format().isLastResort());
        List<String> taken =
                MAGIC_NUMBERS.stream()
                        .filter(
                                magic ->
                                        isTaken(
                                                Arrays.copyOf(
                                                        HexFormat.of().parseHex(magic),
                                                        IndexFormat.HEAD_LENGTH)))
                        .toList();
        assertThat(taken)
                .as("the first bytes of files that %s takes", format().id())
                .hasSizeLessThan(2);
    }

    private boolean isTaken(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file).asReadOnlyBuffer();
        return format().recognises(bytes.duplicate()) || format().recognisesTail(bytes);
    }
}
