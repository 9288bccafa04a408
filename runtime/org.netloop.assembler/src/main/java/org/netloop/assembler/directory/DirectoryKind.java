package org.netloop.assembler.directory;

import org.netloop.assembler.Assembly;
import org.netloop.assembler.AssemblyException;
import org.netloop.assembler.Kind;
import org.netloop.assembler.tree.Tree;
import org.netloop.assembler.tree.TreeFiles;

import java.io.IOException;
import java.nio.file.Path;

/** A directory that runs with any Java of the right version. */
public final class DirectoryKind implements Kind {
    @Override
    public Tree write(Assembly assembly, Path out) throws IOException, AssemblyException {
        Tree tree = assembly.home(false).addAll("", assembly.config());
        TreeFiles.write(tree, assembly.time(), out);
        return tree;
    }
}
