package org.netloop.assembler.layout;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Copies jars without the native libraries of other platforms. Directory entries stay: a framework
 * finds folders of a {@code Bundle-ClassPath} by them. Order and times of the entries stay too.
 *
 * @param platform whose libraries are kept
 * @param stored whether the copies are not compressed, for what compresses them as a whole
 */
record JarFilter(Platform platform, boolean stored) {

    /** Returns the jar to use: the file itself if nothing has to change, else the copy. */
    Path filter(Path jar, Path copy) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            List<? extends ZipEntry> kept =
                    zip.stream().filter(entry -> !platform.isForeign(entry.getName())).toList();
            if (isSigned(zip) || (!stored && kept.size() == zip.size())) {
                return jar;
            }
            try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(copy))) {
                out.setLevel(Deflater.BEST_COMPRESSION);
                for (ZipEntry entry : kept) {
                    copy(zip, entry, out);
                }
            }
            return copy;
        }
    }

    /** A signature vouches for all members, so that none may go. */
    private static boolean isSigned(ZipFile zip) {
        return Collections.list(zip.entries()).stream()
                .anyMatch(entry -> entry.getName().matches("META-INF/[^/]+\\.SF"));
    }

    private void copy(ZipFile zip, ZipEntry entry, ZipOutputStream out) throws IOException {
        ZipEntry copy = new ZipEntry(entry.getName());
        copy.setTimeLocal(entry.getTimeLocal());
        byte[] bytes;
        try (InputStream in = zip.getInputStream(entry)) {
            bytes = in.readAllBytes();
        }
        if (stored || entry.isDirectory()) {
            CRC32 sum = new CRC32();
            sum.update(bytes);
            copy.setMethod(ZipEntry.STORED);
            copy.setSize(bytes.length);
            copy.setCrc(sum.getValue());
        }
        out.putNextEntry(copy);
        out.write(bytes);
        out.closeEntry();
    }
}
