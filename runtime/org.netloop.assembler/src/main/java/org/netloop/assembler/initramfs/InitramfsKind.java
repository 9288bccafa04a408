package org.netloop.assembler.initramfs;

import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveOutputStream;
import org.apache.commons.compress.archivers.cpio.CpioConstants;
import org.netloop.assembler.Assembly;
import org.netloop.assembler.AssemblyException;
import org.netloop.assembler.Kind;
import org.netloop.assembler.tree.Gzip;
import org.netloop.assembler.tree.Node;
import org.netloop.assembler.tree.Tree;
import org.tukaani.xz.FilterOptions;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.X86Options;
import org.tukaani.xz.XZ;
import org.tukaani.xz.XZOutputStream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/**
 * An initramfs (Linux: Documentation/driver-api/early-userspace/buffer-format): a cpio archive that
 * boots a machine whose root comes from Netloop. Option {@code kernel=DIR}: an unpacked kernel
 * package; {@code modules=A,B}: more modules; {@code thin=yes}: only an NBD client instead of
 * Netloop; {@code compress=xz|gzip|none}.
 */
public final class InitramfsKind implements Kind {
    private static final String COMPRESS = "compress";

    /** The options, as those of a medium that has an initramfs in it. */
    public static final Set<String> OPTIONS =
            Set.of(COMPRESS, "kernel", "modules", "thin", "busybox", "client");

    @Override
    public Set<String> options() {
        return OPTIONS;
    }

    @Override
    public Tree write(Assembly assembly, Path out) throws IOException, AssemblyException {
        Tree tree = new BootTree(assembly).tree();
        try (OutputStream file = Files.newOutputStream(out);
                OutputStream packed = pack(assembly, file)) {
            write(tree, assembly.time().getEpochSecond(), packed);
        }
        return tree;
    }

    private static OutputStream pack(Assembly assembly, OutputStream out)
            throws IOException, AssemblyException {
        String compression = assembly.options().getOrDefault(COMPRESS, "xz");
        return switch (compression) {
            // The kernel's decoder knows no other sum.
            case "xz" -> new XZOutputStream(out, filters(assembly), XZ.CHECK_CRC32);
            case "gzip" -> Gzip.to(out);
            case "none" -> out;
            default ->
                    throw new AssemblyException(
                            "compress=" + compression + ": it is xz, gzip or none");
        };
    }

    /** Returns the filters; of those for machine code, Linux 6.1 knows none for aarch64. */
    private static FilterOptions[] filters(Assembly assembly) {
        FilterOptions[] filters = {new X86Options(), new LZMA2Options()};
        boolean x86 = assembly.appliance().sources().platform().debian().equals("amd64");
        return x86 ? filters : Arrays.copyOfRange(filters, 1, filters.length);
    }

    private static void write(Tree tree, long time, OutputStream out) throws IOException {
        CpioArchiveOutputStream cpio = new CpioArchiveOutputStream(out, CpioConstants.FORMAT_NEW);
        int number = 1;
        for (Map.Entry<String, Node> entry : tree.nodes().entrySet()) {
            put(cpio, entry.getKey(), entry.getValue(), time, number++);
        }
        cpio.finish();
        cpio.flush();
    }

    private static void put(
            CpioArchiveOutputStream cpio, String name, Node node, long time, int number)
            throws IOException {
        CpioArchiveEntry entry = new CpioArchiveEntry(CpioConstants.FORMAT_NEW, name);
        entry.setTime(time);
        entry.setInode(number);
        entry.setNumberOfLinks(1);
        switch (node) {
            case Node.Directory directory -> {
                entry.setMode(CpioConstants.C_ISDIR | directory.mode());
                cpio.putArchiveEntry(entry);
            }
            case Node.File file -> {
                entry.setMode(CpioConstants.C_ISREG | file.mode());
                entry.setSize(file.content().size());
                cpio.putArchiveEntry(entry);
                try (InputStream in = file.content().open()) {
                    in.transferTo(cpio);
                }
            }
            case Node.Link link -> {
                byte[] target = link.target().getBytes(StandardCharsets.UTF_8);
                entry.setMode(CpioConstants.C_ISLNK | link.mode());
                entry.setSize(target.length);
                cpio.putArchiveEntry(entry);
                cpio.write(target);
            }
            case Node.Device device -> {
                entry.setMode(CpioConstants.C_ISCHR | device.mode());
                entry.setRemoteDeviceMaj(device.major());
                entry.setRemoteDeviceMin(device.minor());
                cpio.putArchiveEntry(entry);
            }
        }
        cpio.closeArchiveEntry();
    }
}
