package org.netloop.overlay;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.netloop.api.block.Digest;
import org.netloop.api.volume.Volume;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Description of an overlay: the file {@value #NAME} of its directory, with lines of a word and its
 * value.
 *
 * @param id tells it from every other overlay
 * @param base what it stands on
 * @param baseSize the size of that, in bytes
 * @param size its own, in bytes, at least that of the base
 * @param namesCleaned whether the segments that were cleaned are named: since version 2
 */
record Heading(UUID id, Digest base, long baseSize, long size, boolean namesCleaned) {
    static final String NAME = "overlay";
    private static final String FORMER = "netloop-overlay 1";
    private static final String FIRST = "netloop-overlay 2";
    private static final int LINES = 5;

    /** Checks the sizes. */
    Heading {
        if (baseSize < 0 || size < baseSize) {
            throw new IllegalArgumentException(
                    "an overlay of " + size + " bytes over a base of " + baseSize);
        }
    }

    /** Creates that of an overlay that is made now. */
    Heading(UUID id, Digest base, long baseSize, long size) {
        this(id, base, baseSize, size, true);
    }

    /** Returns that of the same overlay on another image, or with another size. */
    Heading onto(Digest image, long imageSize, long wanted) {
        return new Heading(id, image, imageSize, wanted, namesCleaned);
    }

    /** Returns that of an overlay whose cleaned segments are named by now. */
    Heading named(Storage storage) throws IOException {
        if (namesCleaned) {
            return this;
        }
        Heading named = new Heading(id, base, baseSize, size, true);
        named.write(storage);
        return named;
    }

    static Heading read(Storage storage) throws IOException {
        String text = new String(storage.read(NAME), UTF_8);
        String[] lines = text.split("\n", -1);
        Map<String, String> values = new HashMap<>();
        for (int i = 1; i < lines.length; i++) {
            String[] parts = lines[i].split(" ", 2);
            if (parts.length == 2) {
                values.put(parts[0], parts[1]);
            }
        }
        try {
            boolean named = lines[0].equals(FIRST);
            if (!named && !lines[0].equals(FORMER) || values.size() != LINES - 1) {
                throw new IllegalArgumentException("it has another version");
            }
            return new Heading(
                    UUID.fromString(value(values, "id")),
                    Digest.parse(value(values, "base")),
                    Long.parseLong(value(values, "base-size")),
                    Long.parseLong(value(values, "size")),
                    named);
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "'"
                            + NAME
                            + "' in "
                            + storage.place()
                            + " cannot be understood: "
                            + e.getMessage()
                            + "; open the overlay with the version of Netloop that wrote it",
                    e);
        }
    }

    private static String value(Map<String, String> values, String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("it has no line '" + name + "'");
        }
        return value;
    }

    /**
     * Checks that a volume is what the overlay stands on.
     *
     * @param place names the overlay
     */
    void require(Volume volume, String place) throws IOException {
        if (!base.equals(volume.identity()) || baseSize != volume.size()) {
            throw new IOException(
                    "the overlay "
                            + place
                            + " stands on "
                            + base
                            + ", but volume "
                            + volume.name()
                            + " is "
                            + volume.identity()
                            + "; open that image (REPO@DIGEST), or, while nobody has the overlay"
                            + " open, carry it over to the volume's (netloop overlay rebase REF "
                            + place
                            + ") or discard it (netloop overlay discard "
                            + place
                            + ")");
        }
    }

    void write(Storage storage) throws IOException {
        String text =
                (namesCleaned ? FIRST : FORMER)
                        + "\nid "
                        + id
                        + "\nbase "
                        + base
                        + "\nbase-size "
                        + baseSize
                        + "\nsize "
                        + size
                        + "\n";
        storage.replace(NAME, text.getBytes(UTF_8));
    }
}
