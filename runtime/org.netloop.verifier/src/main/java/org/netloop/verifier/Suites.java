package org.netloop.verifier;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClasspathRoots;

import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.opentest4j.TestAbortedException;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Runs suites of the compatibility kit on services, and a plugin's own tests. */
final class Suites {
    private static final int LONGEST_REASON = 300;
    private static final String PACKAGE = "org.netloop.verifier.suite.";

    private final Report report;
    private final KitLoader loader;

    Suites(Report report, KitLoader loader) {
        this.report = report;
        this.loader = loader;
    }

    /** Runs the suite of that name on a service. */
    void run(
            String suite,
            String subject,
            Object service,
            Function<String, @Nullable Object> properties) {
        Subject.set(service, properties);
        try {
            Class<?> type = loader.loadClass(PACKAGE + suite);
            run(suite, subject, List.of(selectClass(type)));
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("the kit lacks " + suite, e);
        } finally {
            Subject.set(null, _ -> null);
        }
    }

    /** Runs all tests of a directory of classes; returns the suites that they extend. */
    Set<String> runOwn(Path tests) {
        return run("the plugin's own tests", tests.toString(), selectClasspathRoots(Set.of(tests)));
    }

    private Set<String> run(
            String name, String subject, List<? extends DiscoverySelector> selectors) {
        Count count = new Count(name);
        Thread thread = Thread.currentThread();
        @Nullable ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            LauncherDiscoveryRequest request =
                    LauncherDiscoveryRequestBuilder.request().selectors(selectors).build();
            LauncherFactory.create().execute(request, count);
        } finally {
            thread.setContextClassLoader(before);
        }
        if (count.passed == 0 && count.failures.isEmpty()) {
            count.failures.add("no test ran");
        }
        report.tested(new Report.Tested(name, subject, count.passed, List.copyOf(count.failures)));
        return count.suites;
    }

    /** Counts what JUnit tells; a container that fails counts as a test. */
    private final class Count implements TestExecutionListener {
        private final String name;
        private final List<String> failures = new ArrayList<>();
        private final Set<String> suites = new HashSet<>();
        private long passed;

        Count(String name) {
            this.name = name;
        }

        @Override
        public void executionStarted(TestIdentifier test) {
            if (test.getSource().orElse(null) instanceof ClassSource of) {
                for (Class<?> type = of.getJavaClass(); type != null; type = type.getSuperclass()) {
                    suites.add(type.getName());
                }
            }
            if (test.isTest()) {
                report.stage("running " + test.getDisplayName() + " of " + name);
            }
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (isSkipped(result)) {
                return;
            }
            if (result.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
                failures.add(
                        test.getDisplayName()
                                + ": "
                                + result.getThrowable().map(Suites::reason).orElse("aborted"));
            } else if (test.isTest()) {
                passed++;
            }
        }
    }

    /** A test that assumes something which is not so, as a last resort takes anything. */
    private static boolean isSkipped(TestExecutionResult result) {
        return result.getStatus() == TestExecutionResult.Status.ABORTED
                && result.getThrowable().orElse(null) instanceof TestAbortedException;
    }

    /** Returns the reason of a failure on one line of readable length. */
    private static String reason(Throwable failure) {
        String text = failure.toString().replaceAll("\\s+", " ").strip();
        return text.length() <= LONGEST_REASON ? text : text.substring(0, LONGEST_REASON) + " …";
    }
}
