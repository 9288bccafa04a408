package org.netloop.attach;

import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;

/** Finds out whose code something runs on. */
final class Owner {
    private static final long NOBODY = -1;

    private Owner() {}

    /** The id of the bundle; -1 outside of a framework. */
    static long of(Object object) {
        Bundle bundle = FrameworkUtil.getBundle(object.getClass());
        return bundle == null ? NOBODY : bundle.getBundleId();
    }
}
