package org.netloop.frontend.devfuse;

import org.netloop.api.mount.Caller;
import org.netloop.api.mount.MountRights;
import org.netloop.api.mount.Tool;
import org.netloop.api.systemd.Spawn;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Mounts: by mount(2) as root, of the machine or of a user namespace, and by {@code fusermount3}
 * for others, which sends the descriptor over a socket. Stateless.
 */
final class Mounting {
    /** The program that mounts for users other than root. */
    static final String HELPER = "fusermount3";

    static final String DEVICE = "/dev/fuse";
    private static final String NAME = "netloop";
    private static final long READ_ONLY = 1;
    private static final long NOSUID_NODEV = 2 | 4;

    /**
     * Properties of a mount.
     *
     * @param others whether other users may see it
     * @param writes whether files in it may be written
     */
    record Kind(boolean others, boolean writes) {}

    private Mounting() {}

    /**
     * Mounts at an empty directory.
     *
     * @return the descriptor of its session
     * @throws IOException in words, if the kernel or the helper refuses
     */
    static int mount(Path directory, Kind kind) throws IOException {
        return Caller.isRoot() ? byKernel(directory, kind) : byHelper(directory, kind);
    }

    private static int byKernel(Path directory, Kind kind) throws IOException {
        int descriptor = Native.open(DEVICE);
        if (descriptor < 0) {
            throw new IOException(DEVICE + " cannot be opened: error " + -descriptor);
        }
        String data =
                "fd=%d,rootmode=40000,user_id=%d,group_id=%d,default_permissions%s"
                        .formatted(
                                descriptor,
                                Caller.uid(),
                                Caller.gid(),
                                kind.others() ? ",allow_other" : "");
        long flags = NOSUID_NODEV | (kind.writes() ? 0 : READ_ONLY);
        int done = Native.mount(NAME, directory.toString(), "fuse." + NAME, flags, data);
        if (done < 0) {
            Native.close(descriptor);
            throw refused(directory, "the kernel refuses it with error " + -done);
        }
        return descriptor;
    }

    private static int byHelper(Path directory, Kind kind) throws IOException {
        Sockets.Pair sockets = Sockets.pair();
        int helper;
        try {
            List<String> environment =
                    List.of("_FUSE_COMMFD=" + Spawn.FIRST, "PATH=/usr/bin:/bin", "LC_ALL=C");
            Map<Integer, Integer> numbers = Map.of(Spawn.FIRST, sockets.theirs());
            helper = Spawn.start(helper(directory, kind), environment, numbers, false);
        } catch (IOException e) {
            Native.close(sockets.ours());
            throw e;
        } finally {
            Native.close(sockets.theirs());
        }
        int descriptor = Sockets.receive(sockets.ours());
        Native.close(sockets.ours());
        int status = Spawn.await(helper);
        if (descriptor < 0) {
            throw refused(
                    directory,
                    HELPER + " ended with " + status + " and has said why on standard error");
        }
        return descriptor;
    }

    private static List<String> helper(Path directory, Kind kind) throws IOException {
        List<String> options =
                new ArrayList<>(
                        List.of(
                                kind.writes() ? "rw" : "ro",
                                "nosuid",
                                "nodev",
                                "fsname=" + NAME,
                                "subtype=" + NAME,
                                "default_permissions"));
        if (kind.others()) {
            options.add("allow_other");
        }
        return List.of(
                Tool.find(Path.of("/"), HELPER).toString(),
                "-o",
                String.join(",", options),
                "--",
                directory.toString());
    }

    private static IOException refused(Path directory, String why) {
        return new IOException(
                directory + " cannot be mounted: " + why + "; " + MountRights.refused());
    }
}
