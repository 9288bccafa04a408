package org.netloop.launcher;

import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;
import org.osgi.framework.namespace.ExecutionEnvironmentNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.resource.Namespace;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Requirement of a bundle that must be met for it to resolve, and what is available of it.
 *
 * @param namespace the kind: {@code osgi.wiring.package} for a package it imports
 * @param name what it needs: the package, or the filter where the kind has no names
 * @param range the versions that will do, as {@code [1.0.0,2.0.0)}; {@code 0.0.0} for any
 * @param optional whether it resolves without
 * @param providers the bundles that have it, as {@code name version}
 * @param offers all that goes by that name, in whatever version
 */
public record Need(
        String namespace,
        String name,
        String range,
        boolean optional,
        List<String> providers,
        List<Offer> offers) {
    private static final String FRAMEWORK = "org.apache.felix.framework ";
    private static final String CONTRACTS = "org.netloop.api.";
    private static final Pattern LOWEST = Pattern.compile("\\(version>=([^)]+)\\)");
    private static final Pattern BELOW = Pattern.compile("\\(!\\(version>=([^)]+)\\)\\)");

    /** Copies the lists. */
    public Need {
        providers = List.copyOf(providers);
        offers = List.copyOf(offers);
    }

    /**
     * A version of what is needed, and who has it.
     *
     * @param bundle who
     * @param version of the package, not of the bundle
     */
    public record Offer(String bundle, Version version) {}

    /**
     * All that a bundle needs to resolve, as its manifest tells; nothing is resolved by asking.
     *
     * @param bundles those that may have it, itself among them
     */
    public static List<Need> of(Bundle bundle, Bundle[] bundles) {
        List<BundleRevision> revisions =
                Arrays.stream(bundles)
                        .map(each -> each.adapt(BundleRevision.class))
                        .filter(Objects::nonNull)
                        .toList();
        return bundle.adapt(BundleRevision.class).getDeclaredRequirements(null).stream()
                .filter(Need::countsForResolving)
                .map(requirement -> of(requirement, revisions))
                .toList();
    }

    /**
     * Returns the reasons why a bundle does not resolve, a sentence each; empty if nothing is
     * missing.
     */
    public static List<String> problems(Bundle bundle, Bundle[] bundles) {
        return of(bundle, bundles).stream().flatMap(need -> need.problem().stream()).toList();
    }

    private static boolean countsForResolving(BundleRequirement requirement) {
        Map<String, String> directives = requirement.getDirectives();
        String effective =
                directives.getOrDefault(
                        Namespace.REQUIREMENT_EFFECTIVE_DIRECTIVE, Namespace.EFFECTIVE_RESOLVE);
        return effective.equals(Namespace.EFFECTIVE_RESOLVE)
                && !PackageNamespace.RESOLUTION_DYNAMIC.equals(
                        directives.get(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE));
    }

    private static Need of(BundleRequirement requirement, List<BundleRevision> revisions) {
        String namespace = requirement.getNamespace();
        Map<String, String> directives = requirement.getDirectives();
        String filter = directives.getOrDefault(Namespace.REQUIREMENT_FILTER_DIRECTIVE, "");
        Matcher named = Pattern.compile(Pattern.quote(namespace) + "=([^)]+)\\)").matcher(filter);
        String name = named.find() ? named.group(1) : filter;
        List<BundleCapability> all =
                revisions.stream()
                        .flatMap(each -> each.getDeclaredCapabilities(namespace).stream())
                        .toList();
        return new Need(
                namespace,
                name,
                range(filter),
                Namespace.RESOLUTION_OPTIONAL.equals(
                        directives.get(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE)),
                all.stream().filter(requirement::matches).map(Need::bundle).distinct().toList(),
                all.stream()
                        .filter(each -> name.equals(each.getAttributes().get(namespace)))
                        .map(each -> new Offer(bundle(each), version(each)))
                        .distinct()
                        .toList());
    }

    private static String bundle(BundleCapability capability) {
        Bundle bundle = capability.getRevision().getBundle();
        return bundle.getSymbolicName() + " " + bundle.getVersion();
    }

    private static Version version(BundleCapability capability) {
        Object version = capability.getAttributes().get(Constants.VERSION_ATTRIBUTE);
        return version instanceof Version one ? one : Version.emptyVersion;
    }

    private static String range(String filter) {
        Matcher lowest = LOWEST.matcher(BELOW.matcher(filter).replaceAll(""));
        String from = lowest.find() ? lowest.group(1) : Version.emptyVersion.toString();
        Matcher below = BELOW.matcher(filter);
        return below.find() ? "[" + from + "," + below.group(1) + ")" : from;
    }

    private boolean isPackage() {
        return namespace.equals(PackageNamespace.PACKAGE_NAMESPACE);
    }

    /** Returns whether it is a package of one of Netloop's contracts. */
    public boolean isContract() {
        return isPackage() && name.startsWith(CONTRACTS);
    }

    /** Returns whether the framework itself provides it: a package of the JDK, or of logging. */
    public boolean isOfFramework() {
        return isPackage() && providers.stream().anyMatch(one -> one.startsWith(FRAMEWORK));
    }

    /** Returns why it prevents resolution, and what to do; empty if it does not. */
    public Optional<String> problem() {
        if (optional || !providers.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                switch (namespace) {
                    case PackageNamespace.PACKAGE_NAMESPACE ->
                            offers.isEmpty() ? nobodyExports() : otherVersions();
                    case ExecutionEnvironmentNamespace.EXECUTION_ENVIRONMENT_NAMESPACE ->
                            "it is made for another Java than "
                                    + Runtime.version().feature()
                                    + ": "
                                    + name;
                    default -> "it needs " + namespace + " " + name + ", and no bundle has that";
                });
    }

    private String nobodyExports() {
        return isContract()
                ? name + " is not a contract of this Netloop: the plugin was made for another one"
                : name
                        + " is exported by no bundle: keep the library that has it inside of the"
                        + " plugin (Bundle-ClassPath), or add the bundle that exports it";
    }

    private String otherVersions() {
        String there =
                String.join(
                        ", ",
                        offers.stream()
                                .map(offer -> offer.version() + " of " + offer.bundle())
                                .toList());
        String wanted = name + " is wanted in " + range + ", and there is only " + there;
        return isContract() ? wanted + "; " + contractAdvice(offers.getFirst().version()) : wanted;
    }

    private String contractAdvice(Version there) {
        Version lowest = Version.parseVersion(range.replaceAll("[\\[(]|,.*", ""));
        if (lowest.getMajor() != there.getMajor()) {
            return "the plugin was made for version "
                    + lowest.getMajor()
                    + " of the contract, this Netloop has version "
                    + there.getMajor()
                    + ": build it again against the contracts of this Netloop";
        }
        return lowest.compareTo(there) > 0
                ? "the plugin was made for a newer Netloop"
                : "the plugin implements what only Netloop itself should (a @ProviderType), and so"
                        + " depends on the minor version: build it again against the contracts of"
                        + " this Netloop";
    }
}
