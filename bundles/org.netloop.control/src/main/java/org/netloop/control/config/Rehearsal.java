package org.netloop.control.config;

import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Reads a configuration as at a start, and changes nothing. Stateless. */
public final class Rehearsal {
    private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);

    private Rehearsal() {}

    /** Reads and checks the files of a directory: what that loads is there for the start. */
    public static void read(Path directory, BundleContext context) {
        try {
            List<Problem> problems =
                    Check.problems(
                            ConfigFiles.read(directory), Schema.of(context), Installed.of(context));
            LOG.debug("{} has {} problems now", directory, problems.size());
        } catch (IOException e) {
            LOG.debug("{} cannot be read just now: {}", directory, e.getMessage());
        }
    }
}
