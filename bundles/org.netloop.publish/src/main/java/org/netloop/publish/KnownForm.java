package org.netloop.publish;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * What images usually lie in, by its first bytes: so that a file for which no backend is installed
 * is refused with the name of the feature, and not published as the image it is not.
 */
enum KnownForm {
    XZ("FD377A585A00", "is compressed by xz", "codec-xz"),
    GZIP("1F8B08", "is compressed by gzip", "codec-gzip"),
    ZSTD("28B52FFD", "is compressed by zstd", "codec-zstd"),
    BZIP2("425A68", "is compressed by bzip2", "codec-bzip2"),
    LZ4("04224D18", "is compressed by lz4", "codec-lz4"),
    QCOW2("514649FB", "is an image of qemu's format qcow2", "format-qcow2");

    private final ByteBuffer mark;
    private final String meaning;
    private final String feature;

    KnownForm(String mark, String meaning, String feature) {
        this.mark = ByteBuffer.wrap(HexFormat.of().parseHex(mark));
        this.meaning = meaning;
        this.feature = feature;
    }

    /** The form whose mark it begins with. */
    static Optional<KnownForm> of(ByteBuffer head) {
        return Arrays.stream(values())
                .filter(
                        form ->
                                head.remaining() >= form.mark.remaining()
                                        && head.slice(head.position(), form.mark.remaining())
                                                .equals(form.mark))
                .findFirst();
    }

    /** What it is called. */
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What it is, for people: goes on after a file's name. */
    String meaning() {
        return meaning;
    }

    /** The feature that reads it. */
    String feature() {
        return feature;
    }
}
