package org.netloop.frontend.devfuse;

import org.netloop.api.frontend.Attachment;
import org.netloop.api.frontend.AttachmentSpec;
import org.netloop.tck.MemoryVolume;
import org.osgi.framework.BundleContext;
import org.slf4j.Logger;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A process that serves one volume, until it is killed. */
final class ServingProcess {
    static final int BLOCK = 64 << 10;

    private ServingProcess() {}

    /** Returns what it serves. */
    static MemoryVolume volume() {
        return MemoryVolume.generated("root", 40 * BLOCK, BLOCK, block -> block == 3);
    }

    /** Returns the command line; it prints {@code ready}. */
    static List<String> command(Path place, boolean survive) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath(),
                ServingProcess.class.getName(),
                place.toString(),
                String.valueOf(survive));
    }

    private static String classPath() {
        return Stream.of(
                        ServingProcess.class,
                        DevFuseFrontend.class,
                        MemoryVolume.class,
                        Attachment.class,
                        Logger.class,
                        BundleContext.class)
                .map(type -> type.getProtectionDomain().getCodeSource().getLocation().getPath())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Attaches at the place given, and waits. */
    public static void main(String[] arguments) throws Exception {
        AttachmentSpec spec = new AttachmentSpec(arguments[0], Map.of("survive", arguments[1]));
        new DevFuseFrontend().attach(volume(), spec);
        System.out.println("ready");
        Thread.sleep(300_000);
    }
}
