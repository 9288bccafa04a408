package org.netloop.assembler.deb;

import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveOutputStream;
import org.netloop.assembler.Assembly;
import org.netloop.assembler.AssemblyException;
import org.netloop.assembler.Kind;
import org.netloop.assembler.tree.Content;
import org.netloop.assembler.tree.TarWriter;
import org.netloop.assembler.tree.Tree;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;

/** A Debian package (deb(5), format 2.0) with its own Java runtime. */
public final class DebKind implements Kind {
    static final String HOME = "usr/lib/netloop";
    private static final int PLAIN_FILE = 0100644;

    @Override
    public Set<String> options() {
        return PackageNames.OPTIONS;
    }

    @Override
    public Tree write(Assembly assembly, Path out) throws IOException, AssemblyException {
        PackageNames names = PackageNames.of(assembly);
        Tree data =
                new Tree()
                        .addAll(HOME, assembly.home(false))
                        .addAll(HOME, assembly.java())
                        .addAll("", assembly.config());
        new SystemFiles(assembly, names).addTo(data);
        Tree control = new ControlFiles(assembly, names).tree(data);
        Path packedControl = pack(control, assembly, "control.tar.xz");
        Path packedData = pack(data, assembly, "data.tar.xz");
        try (OutputStream file = Files.newOutputStream(out);
                ArArchiveOutputStream ar = new ArArchiveOutputStream(file)) {
            put(ar, "debian-binary", Content.of("2.0\n"), assembly.time());
            put(ar, "control.tar.xz", Content.of(packedControl), assembly.time());
            put(ar, "data.tar.xz", Content.of(packedData), assembly.time());
            ar.finish();
        }
        return data;
    }

    private static Path pack(Tree tree, Assembly assembly, String name) throws IOException {
        Path file = assembly.work().resolve(name);
        try (OutputStream out = Files.newOutputStream(file);
                XZOutputStream xz = new XZOutputStream(out, new LZMA2Options())) {
            TarWriter.write(tree, "./", assembly.time(), xz);
        }
        return file;
    }

    private static void put(ArArchiveOutputStream ar, String name, Content content, Instant time)
            throws IOException {
        ar.putArchiveEntry(
                new ArArchiveEntry(name, content.size(), 0, 0, PLAIN_FILE, time.getEpochSecond()));
        try (InputStream in = content.open()) {
            in.transferTo(ar);
        }
        ar.closeArchiveEntry();
    }
}
