package org.netloop.format.cloop;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.netloop.tck.FileFormatContract.Sample;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;

/** Makes small cloop files of each version. */
final class CloopFile {
    static final int BLOCK = 4096;
    private static final int BLOCKS = 5;
    private static final int PLAIN_BLOCK = 2;

    private final byte[] image = new byte[BLOCK * BLOCKS];
    private final List<byte[]> stored = new ArrayList<>();
    private final boolean flags;

    private CloopFile(boolean flags) {
        this.flags = flags;
        Random random = new Random(1);
        for (int i = 0; i < image.length; i++) {
            image[i] = (byte) ('a' + random.nextInt(5));
        }
        for (int number = 0; number < BLOCKS; number++) {
            stored.add(isPlain(number) ? plain(number) : deflated(plain(number)));
        }
    }

    private boolean isPlain(int number) {
        return flags && number == PLAIN_BLOCK;
    }

    private byte[] plain(int number) {
        return Arrays.copyOfRange(image, number * BLOCK, (number + 1) * BLOCK);
    }

    private static byte[] deflated(byte[] plain) {
        try (Deflater deflater = new Deflater()) {
            deflater.setInput(plain);
            deflater.finish();
            byte[] into = new byte[2 * plain.length];
            return Arrays.copyOf(into, deflater.deflate(into));
        }
    }

    private byte[] data() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        stored.forEach(all::writeBytes);
        return all.toByteArray();
    }

    private static ByteBuffer header(String script, int blocks) {
        ByteBuffer header = ByteBuffer.allocate(Header.LENGTH);
        header.put(script.getBytes(US_ASCII)).position(Header.PREAMBLE);
        return header.putInt(BLOCK).putInt(blocks).flip();
    }

    private static String script(String version) {
        return "#!/bin/sh\n#" + version + " Format\nmodprobe cloop file=$0\n";
    }

    /** Offsets, or offsets and lengths, counted from {@code begin} on. */
    private ByteBuffer map(Layout.Entry entry, long begin) {
        boolean offsets = entry.isOffset();
        ByteBuffer map =
                ByteBuffer.allocate((BLOCKS + (offsets ? 1 : 0)) * entry.bytes())
                        .order(entry.order());
        long at = begin;
        for (int i = 0; i < BLOCKS + (offsets ? 1 : 0); i++) {
            int length = i < BLOCKS ? stored.get(i).length : 0;
            switch (entry) {
                case OFFSET_32 -> map.putInt((int) at);
                case OFFSET_64, OFFSET_64_LITTLE -> map.putLong(at);
                case OFFSET_64_FLAGS -> map.putLong(isPlain(i) ? 1L << 60 | at : at);
                case OFFSET_LENGTH -> map.putLong(at).putInt(length).putInt(i);
                case LENGTH -> map.putInt(length);
            }
            at += length;
        }
        return map.flip();
    }

    /** Header, map, blocks. */
    static Sample headed(String version, Layout.Entry entry) {
        CloopFile file = new CloopFile(entry == Layout.Entry.OFFSET_64_FLAGS);
        int mapLength = (BLOCKS + (entry.isOffset() ? 1 : 0)) * entry.bytes();
        byte[] data = file.data();
        ByteBuffer all = ByteBuffer.allocate(Header.LENGTH + mapLength + data.length);
        String script = version.isEmpty() ? "#!/bin/sh\ninsmod cloop.o file=$0\n" : script(version);
        all.put(header(script, BLOCKS));
        all.put(file.map(entry, Header.LENGTH + mapLength)).put(data);
        return new Sample(all.array(), file.image, Header.PREAMBLE, Header.LENGTH);
    }

    /** Blocks, map, header. */
    static Sample footed() {
        CloopFile file = new CloopFile(true);
        byte[] data = file.data();
        ByteBuffer map = file.map(Layout.Entry.OFFSET_64_FLAGS, 0);
        int mapAt = data.length;
        ByteBuffer all = ByteBuffer.allocate(mapAt + map.remaining() + Header.LENGTH);
        all.put(data).put(map).put(header(script(Header.V4), BLOCKS));
        return new Sample(all.array(), file.image, mapAt, all.capacity() - 2 * Integer.BYTES);
    }

    /** Header, blocks, lengths, and two numbers. */
    static Sample lengths() {
        CloopFile file = new CloopFile(false);
        byte[] data = file.data();
        ByteBuffer map = file.map(Layout.Entry.LENGTH, 0);
        int mapAt = Header.LENGTH + data.length;
        ByteBuffer all = ByteBuffer.allocate(mapAt + map.remaining() + 2 * Integer.BYTES);
        all.put(header(script("V3.0"), -1)).put(data).put(map);
        all.order(ByteOrder.BIG_ENDIAN).putInt(Integer.BYTES).putInt(BLOCKS);
        return new Sample(all.array(), file.image, Header.PREAMBLE, mapAt);
    }
}
