package org.netloop.verifier;

import org.osgi.framework.Bundle;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Enumeration;

/**
 * Gives suites and a plugin's own tests the classes of the framework: contracts as the deployment's
 * bundle has them, and the plugin as it was started. The suites it defines anew, so that they see
 * those; JUnit is the process's.
 */
final class KitLoader extends URLClassLoader {
    private static final String CONTRACTS = "org.netloop.api.";

    private final ClassLoader process;
    private final Bundle contracts;
    private final Bundle plugin;

    /**
     * @param kit jars or directories of the suites, and of the plugin's own tests
     */
    KitLoader(URL[] kit, Bundle contracts, Bundle plugin) {
        super("kit", kit, ClassLoader.getPlatformClassLoader());
        this.process = KitLoader.class.getClassLoader();
        this.contracts = contracts;
        this.plugin = plugin;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (name.startsWith(CONTRACTS)) {
            return contracts.loadClass(name);
        }
        return name.equals(Subject.class.getName())
                ? Subject.class
                : super.loadClass(name, resolve);
    }

    /** Kit and tests first; then the plugin, as a test may use what it holds; then JUnit. */
    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        try {
            return super.findClass(name);
        } catch (ClassNotFoundException _) {
            return findInPluginOrProcess(name);
        }
    }

    private Class<?> findInPluginOrProcess(String name) throws ClassNotFoundException {
        try {
            return plugin.loadClass(name);
        } catch (ClassNotFoundException _) {
            return process.loadClass(name);
        }
    }

    /** JUnit looks for its engines through the loader of the tests. */
    @Override
    public Enumeration<URL> findResources(String name) throws IOException {
        Enumeration<URL> own = super.findResources(name);
        return own.hasMoreElements() ? own : process.getResources(name);
    }
}
