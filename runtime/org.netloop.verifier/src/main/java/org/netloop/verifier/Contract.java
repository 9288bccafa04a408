package org.netloop.verifier;

import org.netloop.api.cache.BlockCache;
import org.netloop.api.command.Command;
import org.netloop.api.control.ControlVerb;
import org.netloop.api.health.HealthCheck;
import org.netloop.api.transport.Transport;
import org.osgi.framework.ServiceReference;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Optional;

/**
 * The contracts, by the name of their interface: here are only names, as the interfaces themselves
 * are the framework's.
 */
enum Contract {
    CODEC("codec.Codec", "", "CodecSuite", ""),
    MIRROR_POLICY("mirror.MirrorPolicy", "", "MirrorPolicySuite", ""),
    INDEX_FORMAT("index.IndexFormat", "", "IndexFormatSuite", ""),
    FRONTEND("frontend.Frontend", "", "", "FrontendContract"),
    TRANSPORT("transport.Transport", Transport.SCHEMES, "TransportSuite", "TransportContract"),
    CACHE("cache.BlockCache", BlockCache.TIER, "CacheSuite", "BlockCacheContract"),
    COMMAND("command.Command", Command.NAME, "", ""),
    CONTROL_VERB("control.ControlVerb", ControlVerb.NAME, "", ""),
    REPORTER("status.Reporter", "component.name", "", ""),
    HEALTH_CHECK("health.HealthCheck", HealthCheck.NAME, "", ""),
    PROFILE_FORMAT("profile.ProfileFormat", "component.name", "", ""),
    SIGNER("trust.Signer", "component.name", "", ""),
    VERIFIER("trust.Verifier", "component.name", "", "");

    /** The bundle that has them. */
    static final String BUNDLE = "org.netloop.api";

    private final String type;
    private final String property;
    private final String suite;
    private final String ofAuthor;

    Contract(String type, String property, String suite, String ofAuthor) {
        this.type = "org.netloop.api." + type;
        this.property = property;
        this.suite = suite;
        this.ofAuthor = ofAuthor.isEmpty() ? "" : "org.netloop.tck." + ofAuthor;
    }

    /** The contract of that interface; empty if it is none. */
    static Optional<Contract> of(String type) {
        return Arrays.stream(values()).filter(one -> one.type.equals(type)).findFirst();
    }

    /** The name of its interface. */
    String type() {
        return type;
    }

    /**
     * Returns what distinguishes a service from others of its contract: its own description, or a
     * property.
     *
     * @throws ReflectiveOperationException if the service throws, or is of no such interface
     */
    String describe(ServiceReference<?> reference, Object service)
            throws ReflectiveOperationException {
        if (property.isEmpty()) {
            Class<?> contract = Class.forName(type, false, service.getClass().getClassLoader());
            return String.valueOf(contract.getMethod("id").invoke(service));
        }
        return switch (reference.getProperty(property)) {
            case null -> "without " + property;
            case String[] several -> String.join(", ", several);
            case Object one -> one.toString();
        };
    }

    /**
     * The suite that needs nothing but the service; empty if the contract has none. The suite of
     * index formats is for those that are written too.
     */
    Optional<String> suite(Object service) {
        boolean onlyRead =
                this == INDEX_FORMAT
                        && Arrays.stream(service.getClass().getMethods())
                                .filter(method -> method.getName().equals("write"))
                                .allMatch(Method::isDefault);
        return onlyRead
                ? Optional.of("RecognitionSuite")
                : Optional.of(suite).filter(name -> !name.isEmpty());
    }

    /**
     * The suite that needs more than the service, as a place to offer objects at, and so is
     * extended by a test of the plugin itself; empty if the contract has none.
     */
    Optional<String> suiteOfAuthor() {
        return Optional.of(ofAuthor).filter(name -> !name.isEmpty());
    }
}
