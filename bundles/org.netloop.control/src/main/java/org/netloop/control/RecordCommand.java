package org.netloop.control;

import org.jspecify.annotations.Nullable;
import org.netloop.api.command.Command;
import org.netloop.api.profile.Profile;
import org.netloop.api.profile.ProfileFiles;
import org.netloop.api.profile.ProfileFormat;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;

import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** {@code netloop profile record}. */
@Component(
        service = Command.class,
        scope = ServiceScope.PROTOTYPE,
        property = Command.NAME + "=profile record")
@CommandLine.Command(
        name = "record",
        mixinStandardHelpOptions = true,
        description =
                "Records what is read of a volume of a running deployment, until"
                        + " stopped (Ctrl-C, SIGTERM), for a given time, or until the volume"
                        + " gets another image.")
public final class RecordCommand implements Command {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

    @Mixin private StateOption state = new StateOption();

    @Parameters(
            index = "0",
            paramLabel = "VOLUME",
            description = "The volume's name",
            completionCandidates = LiveNames.Volumes.class)
    private String volume = "";

    @Option(
            names = "--out",
            paramLabel = "FILE",
            required = true,
            description =
                    "The profile's file, updated every two seconds and at the end; never"
                            + " incomplete")
    private Path out = Path.of("");

    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = Profile.BOOT,
            description = "Name of the profile (default ${DEFAULT-VALUE})")
    private String name = Profile.BOOT;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            converter = Times.Converter.class,
            description = "Duration of the recording: 90s, 5m, 1h (default: until stopped)")
    private @Nullable Duration time;

    private final List<ProfileFormat> formats;

    /** Created by Declarative Services. */
    @Activate
    public RecordCommand(@Reference List<ProfileFormat> formats) {
        this.formats = formats;
    }

    @Override
    public Integer call() throws IOException {
        if (formats.isEmpty()) {
            throw new IOException("profiles cannot be written: install the feature profile");
        }
        Path directory = Objects.requireNonNull(out.toAbsolutePath().getParent());
        if (!Files.isWritable(directory)) {
            throw new IOException(directory + " is not a writable directory");
        }
        try (RemoteRecording recording = RemoteRecording.begin(state.socket(), volume, name)) {
            System.out.println("volume " + volume + " is being recorded");
            follow(recording);
            undisturbed(
                    () -> {
                        recording.end();
                        write(recording);
                    });
            report(recording);
        }
        return OK;
    }

    /** Follows a recording until it is over, or this is told to stop. */
    private void follow(RemoteRecording recording) throws IOException {
        long end = System.nanoTime() + (time == null ? Long.MAX_VALUE / 2 : time.toNanos());
        try {
            for (long left = end - System.nanoTime();
                    left > 0 && recording.over().isEmpty();
                    left = end - System.nanoTime()) {
                Thread.sleep(Duration.ofNanos(Math.min(left, LOOK_EVERY.toNanos())));
                if (look(recording)) {
                    write(recording);
                }
            }
        } catch (InterruptedException | ClosedByInterruptException _) {
            // Being told to stop is how this ends well.
            Thread.interrupted();
        }
    }

    @FunctionalInterface
    private interface Deed {
        void run() throws IOException;
    }

    /**
     * Runs an action on a thread that is never interrupted, so that a second Ctrl-C does not lose
     * the profile.
     */
    private static void undisturbed(Deed deed) throws IOException {
        FutureTask<@Nullable Void> task =
                new FutureTask<>(
                        () -> {
                            deed.run();
                            return null;
                        });
        Thread.ofVirtual().name("end-recording").start(task);
        while (true) {
            try {
                task.get();
                return;
            } catch (InterruptedException _) {
                // It is ending already.
            } catch (ExecutionException e) {
                if (e.getCause() instanceof IOException why) {
                    throw new IOException(why.getMessage(), why);
                }
                throw new IllegalStateException(e.getCause());
            }
        }
    }

    private boolean look(RemoteRecording recording) throws IOException {
        try {
            return recording.look();
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(
                    "the recording of volume "
                            + volume
                            + " cannot continue: "
                            + e.getMessage()
                            + "; what was read until then is "
                            + (recording.blocks() == 0 ? "nothing" : "in " + out),
                    e);
        }
    }

    private void write(RemoteRecording recording) throws IOException {
        Profile profile = recording.profile();
        if (profile == null || profile.entries().isEmpty()) {
            return;
        }
        ProfileFiles.write(formats.getFirst(), profile, out);
    }

    private void report(RemoteRecording recording) throws IOException {
        if (!recording.over().isEmpty()) {
            System.out.println("ended before: " + recording.over());
        }
        Profile profile = recording.profile();
        if (profile == null || profile.entries().isEmpty()) {
            throw new IOException(
                    "nothing was read of volume " + volume + ", and " + out + " was not written");
        }
        System.out.printf(
                "recorded %d blocks, %d bytes of image %s in %s%n",
                recording.blocks(), profile.bytes(), profile.image().brief(), out);
    }
}
