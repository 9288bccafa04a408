package org.netloop.assembler;

import org.jspecify.annotations.Nullable;
import org.netloop.assembler.java.CutRuntime;
import org.netloop.assembler.layout.Appliance;
import org.netloop.assembler.layout.Home;
import org.netloop.assembler.tree.Tree;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Material that a kind of output is made of.
 *
 * @param appliance the resolved appliance
 * @param work an empty directory, removed afterwards
 * @param time modification time of all that is written
 * @param version of the runtime, as {@code 0.1.0-SNAPSHOT}
 * @param options of the kind, by name
 */
public record Assembly(
        Appliance appliance, Path work, Instant time, String version, Map<String, String> options) {

    /** Returns an option; null if it was not given. */
    public @Nullable String option(String name) {
        return options.get(name);
    }

    /**
     * Returns the home directory as a tree.
     *
     * @param stored whether its jars are not compressed
     */
    public Tree home(boolean stored) throws IOException, AssemblyException {
        return new Home(appliance, Files.createDirectories(work.resolve("jars")), stored).tree();
    }

    /** Returns the configuration for the operator, below {@code etc/netloop}. */
    public Tree config() throws IOException {
        return new Home(appliance, work, false).config();
    }

    /** Returns a Java runtime for the appliance, below {@code jre}. */
    public Tree java() throws IOException, AssemblyException {
        List<Path> jars = new ArrayList<>(appliance.jars());
        try (Stream<Path> files = Files.list(appliance.sources().home().resolve("lib"))) {
            files.filter(file -> file.toString().endsWith(".jar")).sorted().forEach(jars::add);
        }
        return CutRuntime.tree(jars, appliance.sources().platform(), work);
    }
}
