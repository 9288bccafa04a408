package org.netloop.assembler.deb;

import org.netloop.assembler.Assembly;
import org.netloop.assembler.tree.Content;
import org.netloop.assembler.tree.Node;
import org.netloop.assembler.tree.Tree;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Files that tell dpkg about a package: control, conffiles, digests, maintainer scripts. */
final class ControlFiles {
    private static final String PART = "control";
    private static final long KIB = 1024;

    private final Assembly assembly;
    private final PackageNames names;

    ControlFiles(Assembly assembly, PackageNames names) {
        this.assembly = assembly;
        this.names = names;
    }

    Tree tree(Tree data) throws IOException {
        Tree tree = new Tree();
        tree.file("control", Content.of(control(data)), PART);
        tree.file("md5sums", Content.of(sums(data)), PART);
        StringBuilder conffiles = new StringBuilder();
        data.nodes()
                .forEach(
                        (path, node) -> {
                            if (path.startsWith("etc/") && node instanceof Node.File) {
                                conffiles.append('/').append(path).append('\n');
                            }
                        });
        tree.file("conffiles", Content.of(conffiles.toString()), PART);
        for (String script : List.of("postinst", "prerm", "postrm")) {
            tree.program(script, Content.of(Templates.text(script, Map.of())), PART);
        }
        return tree;
    }

    private String control(Tree data) throws IOException {
        long kib = 0;
        for (Node node : data.nodes().values()) {
            kib += node instanceof Node.File file ? (file.content().size() + KIB - 1) / KIB : 1;
        }
        List<String> depends = new ArrayList<>(List.of("libc6 (>= 2.17)"));
        depends.addAll(assembly.appliance().settings().debian());
        return "Package: "
                + names.name()
                + "\nVersion: "
                + names.version()
                + "\nArchitecture: "
                + assembly.appliance().sources().platform().debian()
                + "\nMaintainer: "
                + names.maintainer()
                + "\nInstalled-Size: "
                + kib
                + "\nDepends: "
                + String.join(", ", depends)
                + "\nRecommends: bash-completion"
                + "\nProvides: netloop\nConflicts: netloop\nReplaces: netloop"
                + "\nSection: net\nPriority: optional"
                + "\nHomepage: https://netloop.org/"
                + "\nDescription: disk images over HTTP as live block devices ("
                + assembly.appliance().name()
                + ")\n "
                + assembly.appliance().description()
                + "\n .\n Netloop publishes disk images as small compressed blocks on any web server,"
                + "\n and serves them back as files or network block devices."
                + "\n This package has a Java runtime of its own.\n";
    }

    /** Digests that {@code dpkg --verify} compares. */
    private static String sums(Tree data) throws IOException {
        StringBuilder sums = new StringBuilder();
        for (Map.Entry<String, Node> entry : data.nodes().entrySet()) {
            if (entry.getValue() instanceof Node.File file && !entry.getKey().startsWith("etc/")) {
                sums.append(md5(file.content())).append("  ").append(entry.getKey()).append('\n');
            }
        }
        return sums.toString();
    }

    private static String md5(Content content) throws IOException {
        try (InputStream in = content.open();
                DigestInputStream digesting =
                        new DigestInputStream(in, MessageDigest.getInstance("MD5"))) {
            digesting.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digesting.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
