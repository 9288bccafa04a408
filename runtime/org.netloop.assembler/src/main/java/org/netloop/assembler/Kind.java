package org.netloop.assembler;

import org.netloop.assembler.tree.Tree;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/** A kind of output. Implementations have no state. */
public interface Kind {
    /** Returns the names of all options that it looks at; any other is refused before. */
    default Set<String> options() {
        return Set.of();
    }

    /**
     * Writes the output to a path that does not exist yet, and that gets its name once all is
     * written.
     *
     * @return the tree that was written, for its sizes
     * @throws AssemblyException if something is missing; the message says what to add
     */
    Tree write(Assembly assembly, Path out) throws IOException, AssemblyException;
}
