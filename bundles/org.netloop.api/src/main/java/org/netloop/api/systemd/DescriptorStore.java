package org.netloop.api.systemd;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * Descriptors that the service manager keeps when this process ends, and passes to the one that it
 * starts next (FDSTORE of sd_notify(3)). They are dropped when the service is stopped for good.
 * Immutable, thread-safe.
 *
 * @param socket of the manager
 */
public record DescriptorStore(String socket) {
    private static final String NAME = "[!-9;-~]{1,255}";

    /**
     * Finds that of this process's manager: where {@code NOTIFY_SOCKET} is set, and {@code FDSTORE}
     * to the number of descriptors it keeps, as systemd 254 and newer do; a unit may set that for
     * an older one.
     *
     * @return empty if there is none
     */
    public static Optional<DescriptorStore> ofManager() {
        return of(System.getenv());
    }

    static Optional<DescriptorStore> of(Map<String, String> environment) {
        String socket = environment.getOrDefault("NOTIFY_SOCKET", "");
        String most = environment.getOrDefault("FDSTORE", "");
        return socket.isEmpty() || !most.matches("[1-9][0-9]{0,8}")
                ? Optional.empty()
                : Optional.of(new DescriptorStore(socket));
    }

    /**
     * Has a descriptor kept; the manager gets a duplicate.
     *
     * @param name by which it is passed: 1 to 255 printable ASCII characters without colons
     * @throws IOException if the manager cannot be told; it says nothing of what it does then
     */
    public void keep(String name, int descriptor) throws IOException {
        NotifySocket.send(socket, "FDSTORE=1\nFDNAME=" + checked(name), descriptor);
    }

    /**
     * Has the descriptors of a name dropped.
     *
     * @throws IOException if the manager cannot be told
     */
    public void remove(String name) throws IOException {
        NotifySocket.send(socket, "FDSTOREREMOVE=1\nFDNAME=" + checked(name), null);
    }

    private static String checked(String name) {
        if (!name.matches(NAME)) {
            throw new IllegalArgumentException("'" + name + "' cannot name a descriptor");
        }
        return name;
    }
}
