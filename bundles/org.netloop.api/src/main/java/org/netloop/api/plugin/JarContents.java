package org.netloop.api.plugin;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Contents of a plugin's jar and of the jars inside it, by names and by the first bytes of classes.
 * Used by one thread.
 */
final class JarContents {
    private static final String CONTRACTS = "org/netloop/api/";
    private static final String CLASS = ".class";
    private static final String JAR = ".jar";
    private static final String OTHER_JAVA = "META-INF/versions/";
    private static final int MAGIC = 0xCAFEBABE;

    private final Set<String> names = new HashSet<>();
    private @Nullable String copy;
    private @Nullable String tooNew;
    private int newest;

    private JarContents() {}

    static JarContents read(JarFile jar) throws IOException {
        JarContents contents = new JarContents();
        for (JarEntry entry : Collections.list(jar.entries())) {
            contents.names.add(entry.getName());
            if (entry.getName().endsWith(CLASS)) {
                try (InputStream bytes = jar.getInputStream(entry)) {
                    contents.look(entry.getName(), entry.getName(), bytes);
                }
            } else if (entry.getName().toLowerCase(Locale.ROOT).endsWith(JAR)) {
                try (ZipInputStream inner = new ZipInputStream(jar.getInputStream(entry))) {
                    contents.nested(entry.getName(), inner);
                }
            }
        }
        return contents;
    }

    private void nested(String outer, ZipInputStream jar) throws IOException {
        for (ZipEntry entry = jar.getNextEntry(); entry != null; entry = jar.getNextEntry()) {
            if (entry.getName().endsWith(CLASS)) {
                look(entry.getName(), outer + "!/" + entry.getName(), jar);
            }
        }
    }

    /** A library is kept as a directory or as a jar: a class may lie at any depth. */
    private void look(String name, String where, InputStream bytes) throws IOException {
        if (name.contains(OTHER_JAVA) || name.endsWith("module-info.class")) {
            return;
        }
        if (name.startsWith(CONTRACTS) || name.contains("/" + CONTRACTS)) {
            copy = where;
        }
        byte[] head = bytes.readNBytes(2 * Integer.BYTES);
        ByteBuffer numbers = ByteBuffer.wrap(head);
        if (head.length == 2 * Integer.BYTES && numbers.getInt() == MAGIC) {
            int version = ClassVersion.java(numbers.getInt() & 0xFFFF);
            if (version > newest) {
                newest = version;
                tooNew = where;
            }
        }
    }

    /** Returns the reasons why it cannot be installed, a sentence each; empty if there are none. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (copy != null) {
            problems.add(
                    "it holds a copy of Netloop's contracts ("
                            + copy
                            + "): its services would be of other types than those that are asked"
                            + " for; give org.netloop.api the scope provided");
        }
        if (tooNew != null && newest > Runtime.version().feature()) {
            problems.add(ClassVersion.tooNew(tooNew, newest));
        }
        return problems;
    }

    /**
     * Returns the entries of a class path that are not there; a framework passes over them in
     * silence.
     */
    List<String> missing(@Nullable String classPath) {
        List<String> missing = new ArrayList<>();
        for (String part : classPath == null ? new String[0] : classPath.split(",")) {
            String path = part.replaceFirst(";.*", "").strip();
            String entry = path.startsWith("/") ? path.substring(1) : path;
            if (!entry.isEmpty()
                    && !entry.equals(".")
                    && names.stream()
                            .noneMatch(
                                    name ->
                                            name.equals(entry)
                                                    || name.startsWith(
                                                            entry.endsWith("/")
                                                                    ? entry
                                                                    : entry + "/"))) {
                missing.add("its Bundle-ClassPath names " + path + ", which is not in the jar");
            }
        }
        return missing;
    }
}
