package org.netloop.format.cloop;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;

/**
 * The head of a cloop file, or its foot: a shell script in {@value #PREAMBLE} bytes, then two
 * numbers, big-endian.
 *
 * @param version what the script says after {@code #}: {@code V2.0}; empty in the oldest files
 * @param blockLength how many plain bytes a block has
 * @param blocks how many blocks there are; {@value #TOLD_AT_END} if the file's end tells
 */
record Header(String version, int blockLength, long blocks) {
    static final int PREAMBLE = 128;
    static final int LENGTH = PREAMBLE + 2 * Integer.BYTES;
    static final long TOLD_AT_END = 0xFFFFFFFFL;
    static final String V2 = "V2.0";
    static final String V4 = "V4.0";

    private static final int SECTOR = 512;
    private static final int LONGEST_BLOCK = 16 << 20;
    private static final String SCRIPT = "#!/bin/sh";
    private static final int VERSION_AT = 11;
    private static final int VERSION_LENGTH = 4;

    /** Returns whether the bytes begin like a supported cloop file. */
    static boolean isOne(ByteBuffer bytes) {
        if (bytes.remaining() < LENGTH) {
            return false;
        }
        String script = script(bytes);
        Header header = of(bytes);
        return script.startsWith(SCRIPT)
                && (!header.version().isEmpty() || script.contains("cloop"))
                && header.hasPossibleBlockLength();
    }

    /** The head of a file of version 2.0, which is a script that mounts it. */
    static ByteBuffer write(int blockLength, int blocks) {
        String script =
                SCRIPT
                        + "\n#"
                        + V2
                        + " Format\nmodprobe cloop file=$0 && mount -r /dev/cloop $1\nexit $?\n";
        return ByteBuffer.allocate(LENGTH)
                .put(script.getBytes(ISO_8859_1))
                .position(PREAMBLE)
                .putInt(blockLength)
                .putInt(blocks)
                .flip();
    }

    private static String script(ByteBuffer bytes) {
        byte[] script = new byte[PREAMBLE];
        bytes.get(bytes.position(), script);
        return new String(script, ISO_8859_1);
    }

    /** The header that the bytes begin with; at least {@value #LENGTH} of them. */
    static Header of(ByteBuffer bytes) {
        String said = script(bytes).substring(VERSION_AT, VERSION_AT + VERSION_LENGTH);
        int at = bytes.position() + PREAMBLE;
        return new Header(
                said.matches("V[0-9]\\.[0-9]") ? said : "",
                bytes.getInt(at),
                Integer.toUnsignedLong(bytes.getInt(at + Integer.BYTES)));
    }

    boolean hasPossibleBlockLength() {
        return blockLength >= SECTOR && blockLength <= LONGEST_BLOCK && blockLength % SECTOR == 0;
    }
}
