package org.netloop.assembler.oci;

import org.netloop.assembler.Assembly;
import org.netloop.assembler.AssemblyException;
import org.netloop.assembler.Kind;
import org.netloop.assembler.layout.Home;
import org.netloop.assembler.layout.SystemLibraries;
import org.netloop.assembler.tree.Content;
import org.netloop.assembler.tree.Node;
import org.netloop.assembler.tree.Tree;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A container image in an OCI image layout (Image Format Specification 1.1), without a distribution
 * and without a shell. Layers are made so that a changed bundle changes the one that holds it.
 */
public final class OciKind implements Kind {
    static final String HOME = "opt/netloop";
    static final int USER = 10001;
    private static final String SYSTEM = "system";

    /** Bundles of ours above this size have a layer of their own. */
    private static final long LARGE = 512 << 10;

    @Override
    public Tree write(Assembly assembly, Path out) throws IOException, AssemblyException {
        Tree java = assembly.java();
        Tree system = system(assembly, assembly.appliance().settings().root());
        Tree home = assembly.home(false);
        List<Tree> layers = new ArrayList<>();
        layers.add(system);
        layers.add(new Tree().addAll(HOME, java));
        layers.addAll(homeLayers(home));
        layers.getLast().addAll("", assembly.config());
        Blobs blobs = new Blobs(out, assembly.time());
        List<Blobs.Layer> written = new ArrayList<>();
        for (Tree layer : layers) {
            written.add(blobs.layer(layer));
        }
        new ImageDocuments(assembly, home).write(blobs, written);
        Tree all = new Tree();
        layers.forEach(layer -> all.addAll("", layer));
        return all;
    }

    private static Tree system(Assembly assembly, boolean root)
            throws IOException, AssemblyException {
        int owner = root ? 0 : USER;
        Tree tree = new Tree();
        tree.put("tmp", new Node.Directory(01777, 0));
        for (String path : List.of("var/cache", "var/lib", "run")) {
            tree.put(path + "/netloop", new Node.Directory(0700, owner));
        }
        tree.directories("proc", "sys", "dev", "mnt");
        tree.file(
                "etc/passwd",
                Content.of(
                        "root:x:0:0:root:/root:/sbin/nologin\nnetloop:x:"
                                + USER
                                + ":"
                                + USER
                                + ":Netloop:/var/lib/netloop:/sbin/nologin\n"),
                SYSTEM);
        tree.file("etc/group", Content.of("root:x:0:\nnetloop:x:" + USER + ":\n"), SYSTEM);
        tree.file(
                "etc/nsswitch.conf",
                Content.of("passwd: files\ngroup: files\nhosts: files dns\n"),
                SYSTEM);
        new SystemLibraries(assembly.appliance().sources().platform())
                .addForJava(
                        tree,
                        assembly.work().resolve("runtime"),
                        assembly.appliance().settings().libraries());
        return tree;
    }

    /** Libraries, then large bundles of ours, then the rest of ours. */
    private static List<Tree> homeLayers(Tree home) throws IOException {
        List<Tree> layers = new ArrayList<>();
        Tree libraries = new Tree();
        Tree rest = new Tree();
        for (Map.Entry<String, Node> entry : home.nodes().entrySet()) {
            String path = HOME + "/" + entry.getKey();
            switch (entry.getValue()) {
                case Node.File file when isLibrary(entry.getKey(), file) ->
                        libraries.put(path, file);
                case Node.File file when isLarge(file) -> layers.add(new Tree().put(path, file));
                default -> rest.put(path, entry.getValue());
            }
        }
        layers.addFirst(libraries);
        layers.addLast(rest);
        return layers;
    }

    private static boolean isLibrary(String path, Node.File file) {
        return file.part().equals(Home.LIBRARIES)
                || (path.startsWith("lib/") && !path.startsWith("lib/org.netloop."));
    }

    private static boolean isLarge(Node.File file) throws IOException {
        return file.part().equals(Home.BUNDLES) && file.content().size() > LARGE;
    }
}
