package org.netloop.format.caibx;

import com.github.luben.zstd.Zstd;

import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.tck.FileFormatContract.Sample;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Makes small indexes and their chunks. */
final class CaibxFile {
    private static final int LEAST = 64;
    private static final int MOST = 1024;

    private final DigestAlgorithm algorithm;
    private final List<byte[]> chunks = new ArrayList<>();

    /** Stored chunks by their paths. */
    final Map<String, byte[]> store = new HashMap<>();

    /** Creates noise, except that every fifth chunk is zeros and as long as possible. */
    CaibxFile(DigestAlgorithm algorithm, int count) {
        this.algorithm = algorithm;
        Random random = new Random(count);
        for (int i = 0; i < count; i++) {
            byte[] chunk = new byte[i % 5 == 3 ? MOST : LEAST + random.nextInt(MOST - LEAST)];
            if (i % 5 != 3) {
                random.nextBytes(chunk);
            }
            chunks.add(chunk);
            String hex = digest(chunk).hex();
            store.put(
                    "../default.castr/" + hex.substring(0, 4) + "/" + hex + ".cacnk",
                    Zstd.compress(chunk));
        }
    }

    private Digest digest(byte[] chunk) {
        return Digest.of(algorithm, ByteBuffer.wrap(chunk));
    }

    byte[] image() {
        ByteBuffer image =
                ByteBuffer.allocate(chunks.stream().mapToInt(chunk -> chunk.length).sum());
        chunks.forEach(image::put);
        return image.array();
    }

    byte[] file() {
        ByteBuffer file =
                ByteBuffer.allocate(Header.WITH_TABLE + (chunks.size() + 1) * Table.ITEM)
                        .order(ByteOrder.LITTLE_ENDIAN);
        long flags = algorithm == DigestAlgorithm.SHA256 ? 0 : Header.SHA512_256;
        file.putLong(Header.LENGTH).putLong(Header.INDEX).putLong(flags | Header.EXCLUSIONS);
        file.putLong(LEAST).putLong(MOST / 2).putLong(MOST);
        file.putLong(-1).putLong(Header.TABLE);
        long end = 0;
        for (byte[] chunk : chunks) {
            end += chunk.length;
            file.putLong(end);
            digest(chunk).write(file);
        }
        file.putLong(0).putLong(0).putLong(Header.LENGTH);
        file.putLong(file.capacity() - Header.LENGTH).putLong(Table.TAIL_MARK);
        return file.array();
    }

    Sample sample() {
        byte[] file = file();
        int[] places = new int[4 + chunks.size()];
        Arrays.setAll(places, i -> Math.min(i * Table.ITEM, file.length - 64));
        return new Sample(file, image(), places);
    }
}
