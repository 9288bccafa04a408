package org.netloop.control.features;

import org.netloop.api.message.Failures;
import org.netloop.control.bundles.BundleManager;
import org.netloop.control.bundles.Running;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A removal of a feature: of all its parts, or of none. If a step fails, what was removed before is
 * brought back. Used by one thread.
 */
final class Removal implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Removal.class);

    private final BundleManager manager;
    private final String feature;
    private final Undo undo = new Undo();

    /** Copies of the jars: a manager deletes those of its own with their bundles. */
    private final Path copies;

    private final List<Path> copied = new ArrayList<>();

    Removal(BundleManager manager, String feature) throws IOException {
        this.manager = manager;
        this.feature = feature;
        this.copies = Files.createTempDirectory("netloop-feature");
    }

    /** Removes a bundle that is installed. */
    void uninstall(String bundle) throws IOException, InterruptedException {
        Running before =
                manager.running(bundle)
                        .orElseThrow(() -> new IOException("there is no bundle " + bundle));
        Path copy = copies.resolve(bundle + ".jar");
        copied.add(copy);
        Files.copy(before.file(), copy);
        step(() -> manager.uninstall(bundle), () -> bringBack(bundle, before, copy));
    }

    /** A removal may have failed before or after the bundle was stopped. */
    private void bringBack(String bundle, Running before, Path copy)
            throws IOException, InterruptedException {
        Running now = manager.running(bundle).orElse(null);
        if (now == null) {
            manager.install(copy);
            if (!before.isActive()) {
                manager.stop(bundle);
            }
        } else if (before.isActive() && !now.isActive()) {
            manager.start(bundle);
        }
    }

    /**
     * Makes a step.
     *
     * @throws IOException if it fails; the message says how the feature is then
     */
    void step(Undo.Step step, Undo.Step back) throws IOException, InterruptedException {
        undo.push(back);
        try {
            step.run();
        } catch (IOException | RuntimeException e) {
            throw new IOException(goBack() + Failures.sentence(e), e);
        } catch (InterruptedException e) {
            LOG.warn("{}{}", goBack(), Failures.sentence(e));
            throw e;
        }
    }

    /** Brings back what was removed; returns how the feature is now, before the reason. */
    private String goBack() {
        List<String> left = undo.run();
        return "feature "
                + feature
                + (left.isEmpty()
                        ? " is not removed, and is there as before: "
                        : " is removed in part, until the next start ("
                                + String.join("; ", left)
                                + "): ");
    }

    /** Deletes what was kept for the way back. */
    @Override
    public void close() throws IOException {
        for (Path copy : copied) {
            Files.deleteIfExists(copy);
        }
        Files.delete(copies);
    }
}
