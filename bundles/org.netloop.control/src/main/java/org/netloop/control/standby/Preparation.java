package org.netloop.control.standby;

import org.netloop.api.cache.BlockCache;
import org.netloop.api.codec.Codec;
import org.netloop.api.frontend.Frontend;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.mirror.MirrorPolicy;
import org.netloop.api.systemd.HandsOver;
import org.netloop.api.transport.Transport;
import org.netloop.api.volume.Volumes;
import org.netloop.control.trace.Swap;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;

/**
 * Has every backend made once, in a process that stands by: what that loads and compiles is there
 * when it goes on. Stateless.
 */
public final class Preparation {
    private static final Logger LOG = LoggerFactory.getLogger(Preparation.class);

    /** Caches of stored blocks have files that another process may be writing. */
    private static final String NO_FILES =
            "(!(" + BlockCache.TIER + "=" + BlockCache.TIER_STORED + "))";

    private static final List<Class<?>> CONTRACTS =
            List.of(
                    Transport.class,
                    Codec.class,
                    IndexFormat.class,
                    MirrorPolicy.class,
                    BlockCache.class,
                    Frontend.class,
                    Volumes.class);

    private Preparation() {}

    /** Makes each backend, gives it back, and lets what hands over prepare. */
    public static void make(BundleContext context) {
        Swap.prepare();
        try {
            for (Class<?> contract : CONTRACTS) {
                for (ServiceReference<?> each : context.getServiceReferences(contract, NO_FILES)) {
                    make(context, each);
                }
            }
            for (ServiceReference<HandsOver> each :
                    context.getServiceReferences(HandsOver.class, null)) {
                HandsOver part = context.getService(each);
                if (part != null) {
                    part.prepare();
                }
                context.ungetService(each);
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void make(BundleContext context, ServiceReference<?> backend) {
        Object made = context.getService(backend);
        LOG.debug("{} is {}", backend, made == null ? "not to be had" : "made");
        context.ungetService(backend);
    }
}
