package org.netloop.engine.volume;

import org.jspecify.annotations.Nullable;
import org.netloop.api.volume.ImageVolume;
import org.netloop.api.volume.Volume;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;

import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;

/**
 * The images of one configured volume that are open: the present one, and earlier ones, which go on
 * to serve attachments, or are kept to go back to. Thread-safe.
 */
final class Publications {
    /** Most images that are services at a time. */
    private static final int MOST = 4;

    private static final String[] SERVICES = {Volume.class.getName(), ImageVolume.class.getName()};

    private final BundleContext context;

    /** The present one first; guarded by the monitor. */
    private final Deque<Published> open = new ArrayDeque<>();

    private int generation;
    private volatile @Nullable OpenedVolume present;

    /** An open image; its registration is null while it is kept to go back to. */
    private record Published(OpenedVolume volume, @Nullable ServiceRegistration<?> registration) {
        Published unregistered() {
            if (registration != null) {
                registration.unregister();
            }
            return new Published(volume, null);
        }
    }

    Publications(BundleContext context) {
        this.context = context;
    }

    /** Returns the present image; null if none is open. Never waits. */
    @Nullable OpenedVolume present() {
        return present;
    }

    /** Returns whether attachments hold earlier images, or could. */
    boolean servesSeveral() {
        return registered() > 1;
    }

    /** Returns whether another image can be added beside those that are services. */
    boolean haveRoom() {
        return registered() < MOST;
    }

    private synchronized long registered() {
        return open.stream().filter(one -> one.registration() != null).count();
    }

    /** Adds an image that all attachments get as soon as the earlier ones leave. */
    synchronized void add(OpenedVolume next) {
        register(next, false);
    }

    /** Closes all images but the present one. */
    void leaveOnlyPresent() {
        leave(1);
    }

    /**
     * Adds an image for new attachments; those that exist keep theirs.
     *
     * @param before the present image when it was found
     * @return false, and nothing changes, if another one is present or configured by now
     */
    boolean addBeside(FoundImage next, OpenedVolume before) {
        return add(next, before, true);
    }

    /**
     * Moves all attachments to an image. The one before it stays open, to go back to.
     *
     * @param before the present image when it was found
     * @return false, and nothing changes, if another one is present or configured by now
     */
    boolean switchTo(FoundImage next, OpenedVolume before) {
        boolean added = add(next, before, false);
        if (added) {
            retire();
        }
        return added;
    }

    private synchronized boolean add(FoundImage next, OpenedVolume before, boolean gently) {
        if (present != before || !next.isWanted()) {
            return false;
        }
        // Under the monitor: mirrors that are configured from now on reach it as the present image.
        next.volume().mirrors().replace(next.mirrors().get());
        register(next.volume(), gently);
        return true;
    }

    /** Moves all attachments to the present image; the one before it stays open. */
    void retire() {
        synchronized (this) {
            if (open.size() > 1) {
                Published first = open.removeFirst();
                Published before = open.removeFirst().unregistered();
                open.addFirst(before);
                open.addFirst(first);
            }
        }
        leave(2);
    }

    /** Closes all images after the first ones. */
    private void leave(int first) {
        List<Published> leaving = new ArrayList<>();
        synchronized (this) {
            while (open.size() > first) {
                leaving.add(open.removeLast().unregistered());
            }
        }
        // Reads inside are waited for, by nobody but the caller.
        leaving.forEach(one -> one.volume().close());
    }

    /** Returns to the image before the present one, which is closed; false if there is none. */
    boolean goBack() {
        Published left;
        synchronized (this) {
            if (open.size() < 2) {
                return false;
            }
            left = open.removeFirst();
            Published before = open.removeFirst();
            if (before.registration() == null) {
                register(before.volume(), false);
            } else {
                open.addFirst(before);
                present = before.volume();
            }
            left = left.unregistered();
        }
        left.volume().close();
        return true;
    }

    @SuppressWarnings("JdkObsolete") // the framework wants a Dictionary
    private void register(OpenedVolume volume, boolean gently) {
        generation++;
        present = volume;
        Map<String, Object> properties =
                Map.of(
                        Volume.NAME,
                        volume.name(),
                        Volume.GENTLE,
                        gently,
                        Constants.SERVICE_RANKING,
                        generation);
        open.addFirst(
                new Published(
                        volume,
                        context.registerService(SERVICES, volume, new Hashtable<>(properties))));
    }

    /** Replaces the mirrors of all images. */
    synchronized void mirrors(List<URI> bases) {
        open.forEach(one -> one.volume().mirrors().replace(bases));
    }

    /** Closes all images. */
    void close() {
        present = null;
        leave(0);
    }
}
