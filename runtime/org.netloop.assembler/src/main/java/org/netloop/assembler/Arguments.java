package org.netloop.assembler;

import org.netloop.assembler.layout.Platform;
import org.netloop.assembler.layout.Sources;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Arguments of the process, as the command {@code netloop assemble} passes them: {@code home},
 * {@code kind}, {@code out}, {@code name} and {@code plugin} (repeated), {@code config}, {@code
 * platform}; any other key is an option of the kind.
 */
record Arguments(String kind, Path out, Sources sources, Map<String, String> options) {

    static Arguments parse(String[] arguments) throws AssemblyException {
        List<String> names = new ArrayList<>();
        List<Path> plugins = new ArrayList<>();
        Map<String, String> others = new HashMap<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (equals < 0) {
                throw new AssemblyException("'" + argument + "' is not KEY=VALUE");
            }
            String value = argument.substring(equals + 1);
            switch (argument.substring(0, equals)) {
                case "name" -> names.add(value);
                case "plugin" -> plugins.add(Path.of(value));
                case String key -> others.put(key, value);
            }
        }
        String config = others.remove("config");
        String platform = others.remove("platform");
        Sources sources =
                new Sources(
                        Path.of(take(others, "home")),
                        names,
                        plugins,
                        config == null ? null : Path.of(config),
                        Platform.of(platform == null ? Platform.here() : platform));
        return new Arguments(
                take(others, "kind"), Path.of(take(others, "out")), sources, Map.copyOf(others));
    }

    private static String take(Map<String, String> arguments, String name)
            throws AssemblyException {
        String value = arguments.remove(name);
        if (value == null) {
            throw new AssemblyException("there is no argument " + name + "=");
        }
        return value;
    }
}
