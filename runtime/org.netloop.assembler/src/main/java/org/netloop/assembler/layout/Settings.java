package org.netloop.assembler.layout;

import org.netloop.assembler.AssemblyException;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Facts that an appliance tells the assembly, in its extension {@value #EXTENSION}.
 *
 * @param command arguments of {@code netloop} that a container or a service runs
 * @param java options of the virtual machine
 * @param ports what it listens on, as {@code 10809/tcp}
 * @param root whether it has to run as root
 * @param debian packages that a Debian package depends on
 * @param libraries names of shared libraries that it loads
 * @param plugins its own jars
 * @param config configuration for the operator to change, by PID
 */
public record Settings(
        List<String> command,
        List<String> java,
        List<String> ports,
        boolean root,
        List<String> debian,
        List<String> libraries,
        List<Plugin> plugins,
        Map<?, ?> config) {
    static final String EXTENSION = "netloop-appliance";
    private static final Set<String> MEMBERS =
            Set.of("command", "java", "ports", "root", "debian", "libraries", "plugins", "config");

    /** Settings of a list of features, which is no appliance. */
    static final Settings NONE =
            new Settings(
                    List.of("--help"),
                    List.of(),
                    List.of(),
                    false,
                    List.of(),
                    List.of(),
                    List.of(),
                    Map.of());

    /**
     * A jar of an appliance.
     *
     * @param file as the appliance names it
     * @param digest its SHA-256 in lower-case hexadecimal
     */
    record Plugin(String file, String digest) {}

    static Settings of(String file, Map<?, ?> members) throws AssemblyException {
        for (Object member : members.keySet()) {
            if (!MEMBERS.contains(String.valueOf(member))) {
                throw new AssemblyException(
                        file
                                + ": "
                                + EXTENSION
                                + " has no member '"
                                + member
                                + "'; it may have "
                                + MEMBERS.stream().sorted().toList());
            }
        }
        return new Settings(
                members.containsKey("command") ? texts(file, members, "command") : NONE.command(),
                texts(file, members, "java"),
                texts(file, members, "ports"),
                Boolean.TRUE.equals(members.get("root")),
                texts(file, members, "debian"),
                texts(file, members, "libraries"),
                plugins(file, list(file, members, "plugins")),
                members.get("config") instanceof Map<?, ?> config ? config : Map.of());
    }

    private static List<?> list(String file, Map<?, ?> members, String name)
            throws AssemblyException {
        Object value = members.get(name);
        if (value == null) {
            return List.of();
        }
        if (value instanceof List<?> list) {
            return list;
        }
        throw new AssemblyException(file + ": " + EXTENSION + ": " + name + " is not a list");
    }

    private static List<String> texts(String file, Map<?, ?> members, String name)
            throws AssemblyException {
        return list(file, members, name).stream().map(String::valueOf).toList();
    }

    private static List<Plugin> plugins(String file, List<?> entries) throws AssemblyException {
        for (Object entry : entries) {
            if (!(entry instanceof Map<?, ?> plugin)
                    || !(plugin.get("file") instanceof String)
                    || !(plugin.get("sha256") instanceof String)) {
                throw new AssemblyException(
                        file + ": " + EXTENSION + ": a plugin needs file and sha256");
            }
        }
        return entries.stream()
                .map(entry -> (Map<?, ?>) entry)
                .map(
                        plugin ->
                                new Plugin(
                                        String.valueOf(plugin.get("file")),
                                        String.valueOf(plugin.get("sha256"))))
                .toList();
    }
}
