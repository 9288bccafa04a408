package org.netloop.assembler;

import org.netloop.api.message.Failures;
import org.netloop.api.message.Sizes;
import org.netloop.assembler.layout.Appliance;
import org.netloop.assembler.tree.Tree;
import org.netloop.launcher.FrameworkHost;
import org.netloop.launcher.LaunchException;
import org.netloop.launcher.Storage;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The entry point of the process that assembles an appliance.
 *
 * <p>Usage: {@code Main KEY=VALUE…}, with the keys of {@link Arguments}. It ends with 0, or with 1
 * and a message that says what is missing.
 */
public final class Main {
    private static final int FAILED = 1;
    private static final long STOPS_WITHIN_MS = 10_000;

    private Main() {}

    /** Assembles one appliance, and ends the process. */
    public static void main(String[] arguments) {
        int code = FAILED;
        try {
            assemble(Arguments.parse(arguments), System.out);
            code = 0;
        } catch (AssemblyException | LaunchException | IOException e) {
            System.err.println("netloop: " + Failures.sentence(e));
        } catch (InterruptedException _) {
            System.err.println("netloop: interrupted");
        }
        System.out.flush();
        Runtime.getRuntime().halt(code);
    }

    private static void assemble(Arguments arguments, PrintStream out)
            throws AssemblyException, LaunchException, IOException, InterruptedException {
        Kind kind = Kinds.of(arguments.kind(), arguments.options().keySet());
        Appliance appliance = Appliance.resolve(arguments.sources());
        check(appliance);
        Path work = Files.createTempDirectory("netloop-assemble-");
        try (Output output = Output.of(arguments.out())) {
            Assembly assembly =
                    new Assembly(
                            appliance,
                            work,
                            Epoch.of(arguments.sources().home()),
                            Epoch.version(arguments.sources().home()),
                            arguments.options());
            Tree tree = kind.write(assembly, output.aside());
            output.finish();
            report(appliance, tree, output.target(), out);
        } finally {
            Output.delete(work);
        }
    }

    /** Starts all bundles once: a missing package or a contract that is too new is told here. */
    private static void check(Appliance appliance)
            throws LaunchException, IOException, InterruptedException {
        Storage storage = Storage.make();
        try {
            FrameworkHost host = new FrameworkHost(storage.framework());
            host.start(appliance.everything());
            host.stop(STOPS_WITHIN_MS);
        } finally {
            storage.delete();
        }
    }

    private static void report(Appliance appliance, Tree tree, Path target, PrintStream out)
            throws IOException {
        long all = 0;
        for (Map.Entry<String, Long> part : tree.sizes().entrySet()) {
            out.printf("%-22s %s%n", part.getKey(), Sizes.human(part.getValue()));
            all += part.getValue();
        }
        out.printf("%-22s %s%n", "all parts", Sizes.human(all));
        out.printf(
                "%s: %s with %d bundles%s%n",
                target,
                appliance.name(),
                appliance.jars().size(),
                Files.isRegularFile(target) ? ", " + Sizes.human(Files.size(target)) : "");
    }
}
