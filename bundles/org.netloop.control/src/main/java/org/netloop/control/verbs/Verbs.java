package org.netloop.control.verbs;

import org.netloop.api.control.ControlRequest;
import org.netloop.api.control.ControlVerb;
import org.netloop.api.control.DeploymentControl;
import org.netloop.api.message.Failures;
import org.netloop.control.changes.ChangeTurns;
import org.netloop.control.config.RefusedException;
import org.netloop.control.registry.Guarded;
import org.netloop.control.registry.Services;
import org.netloop.control.socket.ControlSocket;
import org.netloop.control.socket.InProcess;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * Finds the verb of a request in the service registry, and calls it: on a thread of its own, within
 * its time limit, so many calls at a time. What a verb throws or takes too long for is told to its
 * client. Thread-safe.
 */
public final class Verbs implements ControlSocket.Handler, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Verbs.class);
    private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9.-]{0,63}");

    /** Calls of one verb; those that hang count until they end. */
    private static final int CALLS = 16;

    /** Time limit for creating a service and asking for its limit. */
    private static final Duration MAKING = Duration.ofSeconds(10);

    private final BundleContext context;
    private final ChangeTurns turns;
    private final int most;
    private final List<ServiceRegistration<?>> own = new ArrayList<>();
    private final Map<ServiceReference<ControlVerb>, Semaphore> calls = new ConcurrentHashMap<>();

    /**
     * Finds verbs in the framework that the context is of.
     *
     * @param turns of requests that are changes
     */
    public Verbs(BundleContext context, ChangeTurns turns) {
        this(context, turns, CALLS);
    }

    /**
     * @param most how many calls of one verb may be under way
     */
    Verbs(BundleContext context, ChangeTurns turns, int most) {
        this.context = context;
        this.turns = turns;
        this.most = most;
        register(_ -> Map.of("verbs", names()), List.of("verb.ls"));
        register(new LogVerb(new Services(context)), LogVerb.NAMES);
        own.add(context.registerService(DeploymentControl.class, new InProcess(this), null));
    }

    /** Registers a verb of the deployment itself: no other bundle can take its names. */
    public void register(ControlVerb verb, List<String> names) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(ControlVerb.NAME, names.toArray(String[]::new));
        properties.put(Constants.SERVICE_RANKING, Integer.MAX_VALUE);
        own.add(context.registerService(ControlVerb.class, verb, properties));
    }

    private List<String> names() {
        TreeSet<String> names = new TreeSet<>();
        for (ServiceReference<ControlVerb> reference : references("(" + ControlVerb.NAME + "=*)")) {
            switch (reference.getProperty(ControlVerb.NAME)) {
                case String[] several -> names.addAll(List.of(several));
                case String one -> names.add(one);
                default -> LOG.debug("{} has malformed verbs", reference.getBundle());
            }
        }
        return List.copyOf(names);
    }

    private Collection<ServiceReference<ControlVerb>> references(String filter) {
        try {
            return context.getServiceReferences(ControlVerb.class, filter);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Map<String, ?> answer(Map<String, Object> request)
            throws IOException, InterruptedException {
        if (!(request.get("do") instanceof String verb) || !FORM.matcher(verb).matches()) {
            throw new RefusedException("the request does not say in 'do' which verb it is for");
        }
        ServiceReference<ControlVerb> found =
                references("(" + ControlVerb.NAME + "=" + verb + ")").stream()
                        .max(Comparator.naturalOrder())
                        .orElseThrow(
                                () ->
                                        new RefusedException(
                                                "no bundle of this deployment answers '"
                                                        + verb
                                                        + "'; it answers "
                                                        + String.join(", ", names())));
        calls.keySet().removeIf(reference -> reference.getBundle() == null);
        Semaphore permits = calls.computeIfAbsent(found, _ -> new Semaphore(most));
        return call(found, new ControlRequest(verb, request), permits);
    }

    private Map<String, ?> call(
            ServiceReference<ControlVerb> found, ControlRequest request, Semaphore permits)
            throws IOException, InterruptedException {
        if (!permits.tryAcquire()) {
            throw new RefusedException(
                    "'" + request.verb() + "' is busy with " + most + " requests; ask it later");
        }
        Guarded guarded = new Guarded("verb-" + request.verb(), permits::release);
        Duration limit = MAKING;
        try {
            ControlVerb verb = guarded.call(() -> context.getService(found), limit);
            if (verb == null) {
                throw new RefusedException("what answers '" + request.verb() + "' is gone");
            }
            limit = shorter(guarded.call(verb::limit, limit));
            return guarded.call(() -> inTurn(verb, request), limit);
        } catch (TimeoutException e) {
            String told = who(found, request) + " did not answer within " + seconds(limit);
            LOG.warn("{}", told, e);
            throw new IOException(told, e);
        } catch (ExecutionException e) {
            throw failed(found, request, Guarded.cause(e));
        } finally {
            guarded.close();
            unget(found);
        }
    }

    /** Called by one thread for each request, which takes the turn and ends it. */
    private Map<String, ?> inTurn(ControlVerb verb, ControlRequest request)
            throws IOException, InterruptedException {
        try (ChangeTurns.Turn _ = verb.isChange(request) ? turns.change() : null) {
            return Answer.copy(verb.answer(request));
        }
    }

    private void unget(ServiceReference<ControlVerb> found) {
        try {
            context.ungetService(found);
        } catch (RuntimeException e) {
            LOG.debug("a verb cannot be let go", e);
        }
    }

    private static Duration shorter(Duration asked) {
        return asked.compareTo(ControlVerb.LONGEST_LIMIT) < 0 ? asked : ControlVerb.LONGEST_LIMIT;
    }

    private static String seconds(Duration limit) {
        return limit.toMillis() / 1000.0 + " s";
    }

    private static IOException failed(
            ServiceReference<?> found, ControlRequest request, Throwable why)
            throws InterruptedException {
        return switch (why) {
            case InterruptedException stopped -> throw stopped;
            case IOException told -> told;
            case IllegalArgumentException told -> new IOException(Failures.sentence(told), told);
            default -> {
                String who = who(found, request);
                LOG.error("{} failed", who, why);
                yield new IOException(
                        who
                                + " failed: "
                                + Failures.sentence(why)
                                + "; the deployment's log says where",
                        why);
            }
        };
    }

    private static String who(ServiceReference<?> found, ControlRequest request) {
        String bundle = found.getBundle() == null ? "" : found.getBundle().getSymbolicName();
        return "'" + request.verb() + "' of bundle " + bundle;
    }

    /** Takes the deployment's own verbs away. */
    @Override
    public void close() {
        own.forEach(ServiceRegistration::unregister);
        own.clear();
    }
}
