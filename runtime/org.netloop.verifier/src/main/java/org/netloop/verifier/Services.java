package org.netloop.verifier;

import org.netloop.api.plugin.ServiceRules;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Services that a started plugin registers, and whether they fulfil their contracts. */
final class Services {
    private final BundleContext framework;
    private final Bundle plugin;
    private final Report report;

    Services(BundleContext framework, Bundle plugin, Report report) {
        this.framework = framework;
        this.plugin = plugin;
        this.report = report;
    }

    /** Runs the suites of its services, and the plugin's own tests if they are told. */
    void test(Optional<Path> tests) {
        Bundle contracts =
                Arrays.stream(framework.getBundles())
                        .filter(each -> Contract.BUNDLE.equals(each.getSymbolicName()))
                        .findFirst()
                        .orElseThrow();
        try (KitLoader loader = new KitLoader(kit(tests), contracts, plugin)) {
            Suites suites = new Suites(report, loader);
            Set<Contract> registered = testRegistered(suites);
            if (registered.isEmpty()) {
                report.problem(
                        "it registers no service of a contract: is there a class with @Component"
                                + " that implements one?");
            }
            checkOwn(registered, tests, suites);
        } catch (IOException e) {
            report.problem("the compatibility kit cannot be read: " + e.getMessage());
        }
    }

    private Set<Contract> testRegistered(Suites suites) {
        ServiceReference<?>[] registered = plugin.getRegisteredServices();
        Set<Contract> found = EnumSet.noneOf(Contract.class);
        for (ServiceReference<?> reference :
                registered == null ? new ServiceReference<?>[0] : registered) {
            for (String type : (String[]) reference.getProperty(Constants.OBJECTCLASS)) {
                Optional<Contract> contract = Contract.of(type);
                if (contract.isPresent()) {
                    test(reference, contract.get(), suites);
                    found.add(contract.get());
                }
            }
        }
        return found;
    }

    private void test(ServiceReference<?> reference, Contract contract, Suites suites) {
        ServiceRules.problems(contract.type(), reference::getProperty).forEach(report::problem);
        report.stage("asking for its service " + contract.type());
        Object service = framework.getService(reference);
        if (service == null) {
            report.problem("its service " + contract.type() + " cannot be made");
            return;
        }
        try {
            String is = contract.describe(reference, service);
            report.service(new Report.Service(contract.type(), is));
            contract.suite(service)
                    .ifPresent(name -> suites.run(name, is, service, reference::getProperty));
        } catch (InvocationTargetException e) {
            report.problem(contract.type() + " threw when asked for its id: " + e.getCause());
        } catch (ReflectiveOperationException e) {
            report.problem(contract.type() + " is not what the deployment has: " + e);
        }
    }

    /** Suites that need more than the service are run by the plugin's own tests. */
    private void checkOwn(Set<Contract> registered, Optional<Path> tests, Suites suites) {
        Set<String> extended = tests.map(suites::runOwn).orElse(Set.of());
        for (Contract contract : registered) {
            Optional<String> wanted = contract.suiteOfAuthor();
            if (wanted.isEmpty() || extended.contains(wanted.get())) {
                continue;
            }
            if (tests.isPresent()) {
                report.problem(
                        "none of the plugin's own tests extends "
                                + wanted.get()
                                + ", the suite of "
                                + contract.type());
            } else {
                report.untested(
                        wanted.get()
                                + " was not run on "
                                + contract.type()
                                + ": it needs more than the service; name the classes of the"
                                + " plugin's own test (--tests target/test-classes)");
            }
        }
    }

    /** Returns the class path of the suites and of the plugin's own tests. */
    private static URL[] kit(Optional<Path> tests) throws IOException {
        List<URL> kit = new ArrayList<>();
        kit.add(jar("org/netloop/tck/CodecContract.class"));
        kit.add(jar("org/netloop/verifier/suite/CodecSuite.class"));
        if (tests.isPresent()) {
            kit.add(tests.get().toUri().toURL());
        }
        return kit.toArray(URL[]::new);
    }

    /** The jar of the class path that has a class; loading the class would fix its contracts. */
    private static URL jar(String resource) throws IOException {
        URL found = Services.class.getClassLoader().getResource(resource);
        if (found == null || !(found.openConnection() instanceof JarURLConnection connection)) {
            throw new IOException("no jar of the class path has " + resource);
        }
        return connection.getJarFileURL();
    }
}
