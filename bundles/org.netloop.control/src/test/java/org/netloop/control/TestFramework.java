package org.netloop.control;

import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;

/** A framework that runs until it is closed. */
public final class TestFramework implements AutoCloseable {
    private final Framework framework;

    private TestFramework(Framework framework) {
        this.framework = framework;
    }

    /**
     * Starts one.
     *
     * @param storage where it keeps its bundles
     * @param more of its properties
     */
    public static TestFramework start(Path storage, Map<String, String> more)
            throws BundleException {
        Map<String, String> properties = new HashMap<>(more);
        properties.put(Constants.FRAMEWORK_STORAGE, storage.toString());
        Framework framework =
                ServiceLoader.load(FrameworkFactory.class)
                        .findFirst()
                        .orElseThrow()
                        .newFramework(properties);
        framework.start();
        return new TestFramework(framework);
    }

    /** Returns the context of the system bundle. */
    public BundleContext context() {
        return framework.getBundleContext();
    }

    /** Stops it, and waits until it has stopped. */
    @Override
    public void close() throws BundleException, InterruptedException {
        framework.stop();
        framework.waitForStop(0);
    }
}
