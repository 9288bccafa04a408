package org.netloop.overlay;

import org.jspecify.annotations.Nullable;
import org.netloop.api.command.Command;
import org.netloop.api.command.SizeConverter;
import org.netloop.api.message.Printable;
import org.netloop.api.message.Sizes;
import org.netloop.api.volume.Overlays.About;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;

import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Path;

/** {@code netloop overlay}: looks after overlays that lie on disk. */
@Component(
        service = Command.class,
        scope = ServiceScope.PROTOTYPE,
        property = Command.NAME + "=overlay")
@CommandLine.Command(
        name = "overlay",
        mixinStandardHelpOptions = true,
        description = "Looks after overlays and their snapshots.")
public final class OverlayCommand implements Command {
    private static final String DIRECTORY = "The directory of the overlay";

    @Override
    public Integer call() {
        throw new IllegalArgumentException(
                "netloop overlay needs one of: ls, snapshot, commit, rebase, discard, resize");
    }

    @CommandLine.Command(name = "ls", description = "Shows what an overlay stands on and holds.")
    int list(@Parameters(paramLabel = "DIR", description = DIRECTORY) Path directory)
            throws IOException {
        OverlayDirectory overlay = OverlayDirectory.at(directory);
        About about = overlay.about();
        line("base", about.base());
        line("size", Sizes.human(about.size()));
        line("used", Sizes.human(overlay.used()));
        line("state", about.inUse() ? "in use" : "not in use");
        about.snapshots().forEach(one -> line("snapshot", one));
        return OK;
    }

    private static void line(String name, Object value) {
        System.out.printf("%-8s %s%n", name, Printable.line(String.valueOf(value)));
    }

    @CommandLine.Command(
            name = "snapshot",
            description = "Takes a snapshot of an overlay that is not in use.")
    int snapshot(
            @Parameters(paramLabel = "DIR", description = DIRECTORY) Path directory,
            @Parameters(paramLabel = "NAME", description = "The name of the snapshot") String name)
            throws IOException {
        OverlayDirectory.at(directory).takeSnapshot(name);
        return OK;
    }

    @CommandLine.Command(
            name = "discard",
            description = "Deletes an overlay with all that was written to it, or one snapshot.")
    int discard(
            @Parameters(paramLabel = "DIR", description = DIRECTORY) Path directory,
            @Option(names = "--snapshot", paramLabel = "NAME", description = "Only this snapshot")
                    @Nullable String snapshot)
            throws IOException {
        OverlayDirectory overlay = OverlayDirectory.at(directory);
        if (snapshot == null) {
            overlay.discard();
        } else {
            overlay.discardSnapshot(snapshot);
        }
        return OK;
    }

    @CommandLine.Command(
            name = "resize",
            description = "Makes an overlay larger that is not in use; what is added is zeros.")
    int resize(
            @Parameters(paramLabel = "DIR", description = DIRECTORY) Path directory,
            @Parameters(
                            paramLabel = "SIZE",
                            converter = SizeConverter.class,
                            description = "Its new size: bytes, or 20G")
                    long size)
            throws IOException {
        OverlayDirectory.at(directory).resize(size);
        return OK;
    }
}
