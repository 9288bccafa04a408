package org.netloop.assembler.tree;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Files, directories and links by path, sorted by it, so that parents come before what they hold. A
 * path has no slash at its ends, and none of its parts is {@code ..}: no member lies outside. Used
 * by one thread.
 */
public final class Tree {
    /** Part of files that no other part claims. */
    public static final String OTHER = "other";

    private static final int PROGRAM = 0755;
    private static final int PLAIN = 0644;

    private final TreeMap<String, Node> nodes = new TreeMap<>();

    /** Returns all members, sorted by path. */
    public Map<String, Node> nodes() {
        return Collections.unmodifiableMap(nodes);
    }

    /** Returns the member of that path; null if there is none. */
    public @Nullable Node get(String path) {
        return nodes.get(path);
    }

    /** Adds a member and the directories above it, and replaces one that is there. */
    public Tree put(String path, Node node) {
        if (path.startsWith("/") || List.of(path.split("/", -1)).contains("..")) {
            throw new IllegalArgumentException("'" + path + "' leads out of the tree");
        }
        int slash = path.lastIndexOf('/');
        if (slash > 0) {
            String parent = path.substring(0, slash);
            if (!(nodes.get(parent) instanceof Node.Directory)) {
                put(parent, new Node.Directory(PROGRAM, 0));
            }
        }
        nodes.put(path, node);
        return this;
    }

    /** Adds directories that everybody may enter. */
    public Tree directories(String... paths) {
        for (String path : paths) {
            put(path, new Node.Directory(PROGRAM, 0));
        }
        return this;
    }

    /** Adds a file that everybody may read. */
    public Tree file(String path, Content content, String part) {
        return put(path, new Node.File(PLAIN, content, part));
    }

    /** Adds a file that everybody may read and run. */
    public Tree program(String path, Content content, String part) {
        return put(path, new Node.File(PROGRAM, content, part));
    }

    /** Adds a symbolic link. */
    public Tree link(String path, String target) {
        return put(path, new Node.Link(target));
    }

    /** Adds all of another tree below a directory; an empty prefix is this tree's root. */
    public Tree addAll(String prefix, Tree other) {
        other.nodes.forEach(
                (path, node) -> put(prefix.isEmpty() ? path : prefix + "/" + path, node));
        return this;
    }

    /**
     * Adds what lies below an existing directory. A file is a program if its owner may run it.
     *
     * @throws IOException if it cannot be read
     */
    public Tree addAll(String prefix, Path directory, String part) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(directory)) {
            all = walk.filter(path -> !path.equals(directory)).sorted().toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (Path path : all) {
            String name = prefix + "/" + directory.relativize(path);
            if (Files.isSymbolicLink(path)) {
                link(name, Files.readSymbolicLink(path).toString());
            } else if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                directories(name);
            } else if (Files.isExecutable(path)) {
                program(name, Content.of(path), part);
            } else {
                file(name, Content.of(path), part);
            }
        }
        return this;
    }

    /** Returns the members whose paths are wanted, with the directories above them. */
    public Tree only(Predicate<String> wanted) {
        Tree some = new Tree();
        nodes.forEach(
                (path, node) -> {
                    if (wanted.test(path)) {
                        some.put(path, node);
                    }
                });
        return some;
    }

    /** Returns the size of each part, in bytes, sorted by name. */
    public Map<String, Long> sizes() throws IOException {
        Map<String, Long> sizes = new TreeMap<>();
        for (Node node : nodes.values()) {
            if (node instanceof Node.File file) {
                sizes.merge(file.part(), file.content().size(), Long::sum);
            }
        }
        return sizes;
    }
}
