package org.netloop.launcher;

import org.jspecify.annotations.Nullable;
import org.netloop.api.message.Failures;
import org.netloop.launcher.log.BundleLog;
import org.netloop.launcher.log.ProcessLog;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/** A framework with the bundles of a deployment, from its start to its end. */
public final class FrameworkHost {
    private static final String MAIN = "(netloop.main=true)";
    private static final char FACTORY_SEPARATOR = '~';

    /** Classes that bundles share with the launcher: logging outlives every bundle. */
    private static final String SYSTEM_PACKAGES =
            String.join(
                    ",",
                    "org.slf4j;version=2.0.20",
                    "org.slf4j.event;version=2.0.20",
                    "org.slf4j.helpers;version=2.0.20",
                    "org.slf4j.spi;version=2.0.20",
                    "org.osgi.service.cm;version=1.6.1",
                    "org.osgi.service.log;version=1.5.0");

    /** Bytes that a framework with all bundles needs at least. */
    private static final long LEAST_ROOM = 1 << 20;

    private final Path storage;
    private final Framework framework;
    private boolean logging;

    /** Creates a framework that keeps its bundles in that directory, and does not start it. */
    public FrameworkHost(Path storage) {
        this.storage = storage;
        Map<String, String> settings = new HashMap<>();
        settings.put(Constants.FRAMEWORK_STORAGE, storage.toString());
        settings.put(
                Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        settings.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, SYSTEM_PACKAGES);
        // The second is what JDK Flight Recorder calls in the classes of a bundle's events.
        settings.put(Constants.FRAMEWORK_BOOTDELEGATION, "sun.misc,jdk.jfr.internal.event");
        // A bundle's next version starts beside it, and takes its place once it has proved itself.
        settings.put(Constants.FRAMEWORK_BSNVERSION, Constants.FRAMEWORK_BSNVERSION_MULTIPLE);
        settings.put("felix.shutdown.hook", "false");
        // It prints to standard output; what is an error it tells as an exception or event too.
        settings.put("felix.log.level", "0");
        settings.put("ds.loglevel", "1");
        // SCR loses an event whose component another thread is making for longer than this: the
        // 5 s of its default pass on a machine that is overloaded.
        settings.put("ds.lock.timeout.milliseconds", "60000");
        framework =
                ServiceLoader.load(FrameworkFactory.class)
                        .findFirst()
                        .orElseThrow()
                        .newFramework(settings);
    }

    /**
     * Does the part of {@link #start} that needs no bundles.
     *
     * @throws LaunchException if the framework cannot keep anything in its directory
     */
    void init() throws LaunchException {
        try {
            framework.init();
        } catch (BundleException e) {
            throw cannotStart(e);
        }
        if (!logging) {
            logging = true;
            BundleLog log = new BundleLog();
            context().addFrameworkListener(log);
            context().registerService(BundleLog.SERVICES, log, null);
            tellRecent(context());
        }
    }

    /** Registers the last warnings and errors, for a deployment that is asked for them. */
    private static void tellRecent(BundleContext context) {
        context.registerService(
                Supplier.class,
                ProcessLog.instance().recent(),
                new Hashtable<>(Map.of("netloop.log.recent", true)));
    }

    /**
     * Registers the explanation of missing requirements, so that later installations report them in
     * the words of the start.
     */
    private static void tellNeeds(BundleContext context) {
        Function<Bundle, List<String>> lacks =
                bundle -> Need.problems(bundle, context.getBundles());
        context.registerService(
                Function.class, lacks, new Hashtable<>(Map.of("netloop.lacks", true)));
    }

    private static LaunchException cannotStart(BundleException e) {
        return new LaunchException("the framework cannot start: " + Failures.sentence(e), e);
    }

    /**
     * Installs and starts all bundles, and applies the configurations.
     *
     * @throws LaunchException if a bundle does not resolve or start; the message names it, and what
     *     it lacks
     */
    public void start(Deployment deployment) throws LaunchException {
        init();
        try {
            Map<Bundle, String> installed = install(deployment);
            framework.start();
            tellNeeds(framework.getBundleContext());
            for (Map.Entry<Bundle, String> entry : installed.entrySet()) {
                start(entry.getKey(), entry.getValue());
            }
            configure(deployment.configurations());
        } catch (BundleException e) {
            throw cannotStart(e);
        }
    }

    private Map<Bundle, String> install(Deployment deployment) throws LaunchException {
        Map<Bundle, String> installed = new LinkedHashMap<>();
        for (Map.Entry<Path, String> entry : deployment.bundles().entrySet()) {
            String location = "reference:" + entry.getKey().toUri();
            try {
                installed.put(
                        framework.getBundleContext().installBundle(location), entry.getValue());
            } catch (BundleException e) {
                throw new LaunchException(entry.getKey() + " cannot be installed: " + reason(e), e);
            }
        }
        return installed;
    }

    /** The framework says only that it cannot keep a bundle, not what the system told it. */
    private String reason(BundleException failure) {
        if (storage.toFile().getUsableSpace() < LEAST_ROOM) {
            return "the file system of "
                    + storage
                    + " is full: free some of it, or set TMPDIR to another directory (for run:"
                    + " --state)";
        }
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return Failures.sentence(root instanceof IOException ? root : failure);
    }

    private void start(Bundle bundle, String feature) throws LaunchException {
        if (bundle.getHeaders().get(Constants.FRAGMENT_HOST) != null) {
            return;
        }
        try {
            bundle.start();
        } catch (BundleException e) {
            throw new LaunchException(
                    "bundle "
                            + bundle.getSymbolicName()
                            + " "
                            + bundle.getVersion()
                            + " of feature '"
                            + feature
                            + "' cannot start: "
                            + reason(bundle, e),
                    e);
        }
    }

    /** Explains what is missing; falls back to the framework's own words. */
    private String reason(Bundle bundle, BundleException failure) {
        List<String> missing =
                bundle.getState() == Bundle.INSTALLED
                        ? Need.problems(bundle, context().getBundles())
                        : List.of();
        return missing.isEmpty() ? Failures.sentence(failure) : String.join("; ", missing);
    }

    /** The context of the framework itself, once it is started. */
    public BundleContext context() {
        return framework.getBundleContext();
    }

    private void configure(Map<String, Map<?, ?>> configurations) throws LaunchException {
        BundleContext context = framework.getBundleContext();
        ServiceReference<ConfigurationAdmin> reference =
                context.getServiceReference(ConfigurationAdmin.class);
        if (reference == null) {
            if (configurations.isEmpty()) {
                return;
            }
            throw new LaunchException(
                    "features configure "
                            + configurations.keySet()
                            + ", but none of them has a Configuration Admin; add the feature core");
        }
        ConfigurationAdmin admin = context.getService(reference);
        for (Map.Entry<String, Map<?, ?>> entry : configurations.entrySet()) {
            configure(admin, entry.getKey(), entry.getValue());
        }
        context.ungetService(reference);
    }

    private static void configure(ConfigurationAdmin admin, String pid, Map<?, ?> values)
            throws LaunchException {
        int separator = pid.indexOf(FACTORY_SEPARATOR);
        try {
            Configuration configuration =
                    separator < 0
                            ? admin.getConfiguration(pid, "?")
                            : admin.getFactoryConfiguration(
                                    pid.substring(0, separator), pid.substring(separator + 1), "?");
            configuration.update(properties(pid, values));
        } catch (IOException e) {
            throw new LaunchException(
                    "configuration " + pid + " cannot be applied: " + Failures.sentence(e), e);
        }
    }

    private static Dictionary<String, Object> properties(String pid, Map<?, ?> values)
            throws LaunchException {
        Dictionary<String, Object> properties = new Hashtable<>();
        for (Map.Entry<?, ?> entry : values.entrySet()) {
            properties.put(
                    String.valueOf(entry.getKey()),
                    property(pid, entry.getKey(), entry.getValue()));
        }
        return properties;
    }

    private static Object property(String pid, @Nullable Object key, @Nullable Object value)
            throws LaunchException {
        return switch (value) {
            case List<?> several -> several.stream().map(String::valueOf).toArray(String[]::new);
            case String text -> text;
            case Boolean flag -> flag;
            case Integer number -> number;
            case Long number -> number;
            case Double number -> number;
            case null, default ->
                    throw new LaunchException(
                            "configuration "
                                    + pid
                                    + ": "
                                    + key
                                    + " is neither text, a number, true, false nor a list of them");
        };
    }

    /** The command line that one of the bundles brings. */
    ToIntFunction<String[]> main() throws LaunchException {
        BundleContext context = framework.getBundleContext();
        try {
            @SuppressWarnings("rawtypes")
            List<ServiceReference<ToIntFunction>> found =
                    new ArrayList<>(context.getServiceReferences(ToIntFunction.class, MAIN));
            if (found.isEmpty()) {
                throw new LaunchException(
                        "no bundle brings a command line; add the feature command");
            }
            @SuppressWarnings("rawtypes")
            ServiceReference<ToIntFunction> best = Collections.max(found);
            @SuppressWarnings("unchecked")
            ToIntFunction<String[]> main = context.getService(best);
            if (main == null) {
                throw new LaunchException(
                        "the command line of bundle "
                                + best.getBundle().getSymbolicName()
                                + " cannot be made; the log says why");
            }
            return main;
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Stops all bundles; false if that took longer. */
    public boolean stop(long milliseconds) throws InterruptedException {
        try {
            framework.stop();
        } catch (BundleException e) {
            throw new IllegalStateException("the framework refuses to stop", e);
        }
        return framework.waitForStop(milliseconds).getType() != FrameworkEvent.WAIT_TIMEDOUT;
    }

    /** The bundles that are about to stop, and do not get on; others wait for them. */
    List<String> stopping() {
        BundleContext context = framework.getBundleContext();
        return context == null
                ? List.of()
                : Arrays.stream(context.getBundles())
                        .filter(bundle -> bundle.getState() == Bundle.STOPPING)
                        .filter(bundle -> bundle.getBundleId() != Constants.SYSTEM_BUNDLE_ID)
                        .map(Bundle::getSymbolicName)
                        .toList();
    }
}
