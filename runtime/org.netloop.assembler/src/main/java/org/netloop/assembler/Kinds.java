package org.netloop.assembler;

import org.netloop.assembler.deb.DebKind;
import org.netloop.assembler.directory.DirectoryKind;
import org.netloop.assembler.initramfs.InitramfsKind;
import org.netloop.assembler.iso.IsoKind;
import org.netloop.assembler.oci.OciKind;
import org.netloop.assembler.targz.TarGzKind;
import org.netloop.assembler.web.WebKind;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The kinds by name. */
final class Kinds {
    private static final Map<String, Kind> ALL =
            new TreeMap<>(
                    Map.of(
                            "dir", new DirectoryKind(),
                            "tar.gz", new TarGzKind(),
                            "oci", new OciKind(),
                            "deb", new DebKind(),
                            "initramfs", new InitramfsKind(),
                            "iso", new IsoKind(),
                            "web", new WebKind()));

    private Kinds() {}

    /**
     * Returns a kind.
     *
     * @param options names of those that were given
     * @throws AssemblyException if there is no such kind, or it has no use for one of them
     */
    static Kind of(String name, Set<String> options) throws AssemblyException {
        Kind kind = ALL.get(name);
        if (kind == null) {
            throw new AssemblyException(
                    "there is no kind '" + name + "'; --to takes one of " + ALL.keySet());
        }
        Set<String> unknown = new TreeSet<>(options);
        unknown.removeAll(kind.options());
        if (!unknown.isEmpty()) {
            Set<String> known = new TreeSet<>(kind.options());
            throw new AssemblyException(
                    "the kind "
                            + name
                            + " has no option "
                            + String.join(", ", unknown)
                            + (known.isEmpty()
                                    ? "; it has none"
                                    : "; it has " + String.join(", ", known)));
        }
        return kind;
    }
}
