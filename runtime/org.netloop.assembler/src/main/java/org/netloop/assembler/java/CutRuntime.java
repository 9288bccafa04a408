package org.netloop.assembler.java;

import org.netloop.assembler.AssemblyException;
import org.netloop.assembler.layout.Platform;
import org.netloop.assembler.tree.Tree;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Set;
import java.util.spi.ToolProvider;

/**
 * A Java runtime with the modules that an appliance needs, made by jlink of the JDK that runs this.
 * Its class files are not compressed: archives and packages compress them as a whole, and better.
 */
public final class CutRuntime {
    /** Part of the runtime. */
    public static final String PART = "Java runtime";

    private CutRuntime() {}

    /**
     * Makes the tree of a runtime.
     *
     * @param jars what has to run on it
     * @param work an empty directory, which has to stay while the tree is used
     */
    public static Tree tree(Collection<Path> jars, Platform platform, Path work)
            throws IOException, AssemblyException {
        if (!platform.isHere()) {
            throw new AssemblyException(
                    "a Java runtime for "
                            + platform.name()
                            + " can only be cut on such a machine; there, or with --to dir and a JDK of"
                            + " its own, it can be assembled");
        }
        Set<String> modules = Modules.of(jars, Files.createDirectories(work.resolve("jdeps")));
        Path out = work.resolve("runtime");
        link(modules, out);
        return new Tree().addAll("jre", out, PART).only(CutRuntime::isNeeded);
    }

    /** Tools, and what only jlink and dumps of class archives read, is left out. */
    private static boolean isNeeded(String path) {
        return !path.matches("jre/bin/(?!java$|keytool$).*")
                && !path.equals("jre/lib/jrt-fs.jar")
                && !path.equals("jre/lib/classlist");
    }

    private static void link(Set<String> modules, Path out) throws AssemblyException {
        ToolProvider jlink = ToolProvider.findFirst("jlink").orElseThrow(() -> needsJdk("jlink"));
        StringWriter told = new StringWriter();
        PrintWriter writer = new PrintWriter(told);
        int code =
                jlink.run(
                        writer,
                        writer,
                        "--add-modules",
                        String.join(",", modules),
                        "--strip-debug",
                        "--no-header-files",
                        "--no-man-pages",
                        "--vm=server",
                        // It comes now before and now after what strips classes: other bytes each
                        // time. The JDK's own such classes stay.
                        "--disable-plugin",
                        "generate-jli-classes",
                        "--compress=zip-0",
                        "--output",
                        out.toString());
        if (code != 0) {
            throw new AssemblyException("jlink fails: " + told.toString().strip());
        }
    }

    static AssemblyException needsJdk(String tool) {
        return new AssemblyException(
                "the Java that runs netloop has no "
                        + tool
                        + ": a Java runtime is cut by a full JDK; set JAVA_HOME to a JDK 25 or newer");
    }
}
