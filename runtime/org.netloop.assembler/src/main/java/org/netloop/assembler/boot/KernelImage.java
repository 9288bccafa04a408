package org.netloop.assembler.boot;

import org.netloop.assembler.Assembly;
import org.netloop.assembler.AssemblyException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The kernel in an unpacked package: {@code boot/vmlinuz-VERSION}. */
final class KernelImage {
    private KernelImage() {}

    /**
     * Finds the kernel of the option {@code kernel=DIR}.
     *
     * @throws AssemblyException if the option is not there, or the directory has not one kernel
     */
    static Path of(Assembly assembly) throws IOException, AssemblyException {
        String directory = assembly.option("kernel");
        if (directory == null) {
            throw new AssemblyException(
                    "name the kernel's files by -o kernel=DIR: a directory with boot/vmlinuz-* and"
                            + " lib/modules, as of an unpacked linux-image package");
        }
        Path boot = Path.of(directory, "boot");
        List<Path> kernels = List.of();
        if (Files.isDirectory(boot)) {
            try (Stream<Path> files = Files.list(boot)) {
                kernels =
                        files.filter(
                                        file ->
                                                String.valueOf(file.getFileName())
                                                        .startsWith("vmlinuz"))
                                .toList();
            }
        }
        if (kernels.size() != 1) {
            throw new AssemblyException(
                    boot + " has " + kernels.size() + " files vmlinuz-*, and has to have one");
        }
        return kernels.getFirst();
    }
}
