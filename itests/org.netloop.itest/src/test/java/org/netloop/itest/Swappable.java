package org.netloop.itest;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.service.cm.ConfigurationAdmin;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/**
 * The bundles of the runtime in a framework within the virtual machine of the test, which stops,
 * starts and updates them.
 */
final class Swappable implements AutoCloseable {
    private static final String SYSTEM_PACKAGES =
            "org.slf4j;version=2.0.20,org.slf4j.event;version=2.0.20,"
                    + "org.slf4j.helpers;version=2.0.20,org.slf4j.spi;version=2.0.20,"
                    + "org.osgi.service.cm;version=1.6.1";
    private static final long STOPS_WITHIN_MS = 30_000;

    private final Path jars;
    private final Framework framework;

    private Swappable(Path jars, Framework framework) {
        this.jars = jars;
        this.framework = framework;
    }

    /**
     * Starts all bundles of the assembled runtime.
     *
     * @param storage an empty directory for the framework
     */
    static Swappable start(Path storage) throws IOException, BundleException {
        Path home = Path.of(System.getProperty("netloop.itest.runtime")).toAbsolutePath();
        Map<String, String> settings = new HashMap<>();
        settings.put(Constants.FRAMEWORK_STORAGE, storage.toString());
        settings.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, SYSTEM_PACKAGES);
        settings.put(Constants.FRAMEWORK_BOOTDELEGATION, "sun.misc");
        settings.put("felix.shutdown.hook", "false");
        Framework framework =
                ServiceLoader.load(FrameworkFactory.class)
                        .findFirst()
                        .orElseThrow()
                        .newFramework(settings);
        Swappable swappable = new Swappable(home.normalize().resolve("bundles"), framework);
        framework.start();
        swappable.installAll();
        return swappable;
    }

    private void installAll() throws IOException, BundleException {
        List<Path> files;
        try (Stream<Path> found = Files.list(jars)) {
            files = found.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        }
        BundleContext context = framework.getBundleContext();
        for (Path file : files) {
            context.installBundle(file.toUri().toString());
        }
        for (Bundle bundle : context.getBundles()) {
            if (bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null) {
                bundle.start();
            }
        }
    }

    /** Puts a configuration in place; {@code PID~name} for one of several. */
    void configure(String pid, Map<String, Object> values) throws IOException {
        BundleContext context = framework.getBundleContext();
        ServiceReference<ConfigurationAdmin> reference =
                context.getServiceReference(ConfigurationAdmin.class);
        ConfigurationAdmin admin = context.getService(reference);
        String[] parts = pid.split("~");
        (parts.length == 1
                        ? admin.getConfiguration(pid, "?")
                        : admin.getFactoryConfiguration(parts[0], parts[1], "?"))
                .update(new Hashtable<>(values));
        context.ungetService(reference);
    }

    private Bundle bundle(String symbolicName) {
        return Arrays.stream(framework.getBundleContext().getBundles())
                .filter(bundle -> symbolicName.equals(bundle.getSymbolicName()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no bundle " + symbolicName));
    }

    /** Stops and starts a bundle. */
    void restart(String symbolicName) throws BundleException {
        Bundle bundle = bundle(symbolicName);
        bundle.stop();
        bundle.start();
    }

    /** Updates a bundle from its file; returns the class loader it had. */
    WeakReference<ClassLoader> update(String symbolicName) throws BundleException, IOException {
        Bundle bundle = bundle(symbolicName);
        WeakReference<ClassLoader> old =
                new WeakReference<>(bundle.adapt(BundleWiring.class).getClassLoader());
        try (Stream<Path> files = Files.list(jars)) {
            Path jar =
                    files.filter(
                                    file ->
                                            file.getFileName()
                                                    .toString()
                                                    .startsWith(symbolicName + "-"))
                            .findFirst()
                            .orElseThrow();
            try (InputStream in = Files.newInputStream(jar)) {
                bundle.update(in);
            }
        }
        return old;
    }

    /**
     * Forgets the ended threads that Felix 7.0.5 keeps in the tables of its class loaders, and with
     * them all that such a thread was in the middle of: of two threads that load a class at the
     * same time, the one that comes second may never be taken out ({@code
     * BundleClassLoader.defineClassParallel}).
     */
    void forgetEndedThreads() {
        for (Bundle bundle : framework.getBundleContext().getBundles()) {
            BundleWiring wiring = bundle.adapt(BundleWiring.class);
            if (wiring != null && bundle.getBundleId() > 0) {
                loading(wiring.getClassLoader()).values().removeIf(thread -> !thread.isAlive());
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Thread> loading(ClassLoader loader) {
        try {
            Class<?> kept = loader.getClass();
            while (!kept.getSimpleName().equals("BundleClassLoader")) {
                kept = kept.getSuperclass();
            }
            Field table = kept.getDeclaredField("m_classLocks");
            table.setAccessible(true);
            return (Map<String, Thread>) table.get(loader);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("another Felix than the one this is written for", e);
        }
    }

    @Override
    public void close() throws BundleException, InterruptedException {
        framework.stop();
        framework.waitForStop(STOPS_WITHIN_MS);
    }
}
