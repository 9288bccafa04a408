package org.netloop.verifier;

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
import java.util.List;
import java.util.Optional;

/** What a started plugin registers, and whether that keeps its contracts. */
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
            if (testRegistered(suites, tests.isPresent()) == 0) {
                report.problem(
                        "it registers no service of a contract: is there a class with @Component"
                                + " that implements one?");
            }
            tests.ifPresent(suites::runOwn);
        } catch (IOException e) {
            report.problem("the compatibility kit cannot be read: " + e.getMessage());
        }
    }

    private int testRegistered(Suites suites, boolean hasOwnTests) {
        ServiceReference<?>[] registered = plugin.getRegisteredServices();
        int found = 0;
        for (ServiceReference<?> reference :
                registered == null ? new ServiceReference<?>[0] : registered) {
            for (String type : (String[]) reference.getProperty(Constants.OBJECTCLASS)) {
                Optional<Contract> contract = Contract.of(type);
                if (contract.isPresent()) {
                    test(reference, contract.get(), suites, hasOwnTests);
                    found++;
                }
            }
        }
        return found;
    }

    private void test(
            ServiceReference<?> reference, Contract contract, Suites suites, boolean hasOwnTests) {
        report.stage("asking for its service " + contract.type());
        Object service = framework.getService(reference);
        if (service == null) {
            report.problem("its service " + contract.type() + " cannot be made");
            return;
        }
        contract.missingProperty(reference)
                .ifPresent(
                        name ->
                                report.problem(
                                        contract.type() + " needs the service property " + name));
        try {
            String is = contract.describe(reference, service);
            report.service(new Report.Service(contract.type(), is));
            Optional<String> suite = contract.suite(service);
            suite.ifPresent(name -> suites.run(name, is, service));
            if (suite.isEmpty() && !hasOwnTests) {
                report.note(
                        "no suite was run on "
                                + contract.type()
                                + ": it needs more than the service; name the classes of the"
                                + " plugin's own test (--tests target/test-classes)");
            }
        } catch (InvocationTargetException e) {
            report.problem(contract.type() + " threw when asked for its id: " + e.getCause());
        } catch (ReflectiveOperationException e) {
            report.problem(contract.type() + " is not what the deployment has: " + e);
        }
    }

    /** Where the suites are, and the plugin's own tests. */
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
