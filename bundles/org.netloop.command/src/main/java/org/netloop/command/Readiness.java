package org.netloop.command;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;

/** Tells the service manager that the service is up: sd_notify(3), through systemd's own tool. */
final class Readiness {
    private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);

    private Readiness() {}

    /** Does nothing where no service manager asked for it. */
    static void tell() throws InterruptedException {
        if (System.getenv("NOTIFY_SOCKET") == null) {
            return;
        }
        try {
            Process tool = new ProcessBuilder("systemd-notify", "--ready").inheritIO().start();
            if (tool.waitFor() != 0) {
                LOG.warn(
                        "systemd-notify --ready ended with {}: the service manager may wait in"
                                + " vain",
                        tool.exitValue());
            }
        } catch (IOException e) {
            LOG.warn("the service manager cannot be told that all is up", e);
        }
    }
}
