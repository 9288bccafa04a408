package org.netloop.assembler.targz;

import org.netloop.assembler.Assembly;
import org.netloop.assembler.AssemblyException;
import org.netloop.assembler.Kind;
import org.netloop.assembler.tree.Gzip;
import org.netloop.assembler.tree.TarWriter;
import org.netloop.assembler.tree.Tree;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** An archive with its own Java runtime. */
public final class TarGzKind implements Kind {
    @Override
    public Tree write(Assembly assembly, Path out) throws IOException, AssemblyException {
        Tree tree = assembly.home(false).addAll("", assembly.config()).addAll("", assembly.java());
        String folder = "netloop-" + assembly.appliance().name() + "-" + assembly.version();
        try (OutputStream gzip = Gzip.to(Files.newOutputStream(out))) {
            TarWriter.write(
                    new Tree().directories(folder).addAll(folder, tree), "", assembly.time(), gzip);
        }
        return tree;
    }
}
