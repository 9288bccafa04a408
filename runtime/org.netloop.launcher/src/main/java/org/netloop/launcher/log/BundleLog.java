package org.netloop.launcher.log;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;
import org.osgi.framework.ServiceReference;
import org.osgi.service.log.LogService;
import org.osgi.service.log.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * OSGi's log service over the process's log. Declarative Services and Configuration Admin use it;
 * without one they print to standard output, which may be an image, and stack traces.
 */
public final class BundleLog implements LogService, FrameworkListener {
    /** Service interfaces under which it is registered. */
    public static final String[] SERVICES = {
        LogService.class.getName(), org.osgi.service.log.LoggerFactory.class.getName()
    };

    private static final String FRAMEWORK = "framework";

    /** Made before any bundle starts. */
    public BundleLog() {}

    /** Logs errors of the framework that could not be thrown to a caller. */
    @Override
    public void frameworkEvent(FrameworkEvent event) {
        if (event.getType() == FrameworkEvent.ERROR) {
            LoggerFactory.getLogger(FRAMEWORK)
                    .error("bundle {} failed", event.getBundle(), event.getThrowable());
        }
    }

    @Override
    public Logger getLogger(String name) {
        return new BundleLogger(LoggerFactory.getLogger(name));
    }

    @Override
    public Logger getLogger(Class<?> type) {
        return getLogger(type.getName());
    }

    @Override
    public <L extends Logger> L getLogger(String name, Class<L> type) {
        return type.cast(getLogger(name));
    }

    @Override
    public <L extends Logger> L getLogger(Class<?> from, Class<L> type) {
        return type.cast(getLogger(from));
    }

    @Override
    public <L extends Logger> L getLogger(Bundle bundle, String name, Class<L> type) {
        return type.cast(getLogger(name));
    }

    @Override
    @Deprecated
    public void log(int level, @Nullable String message) {
        log(level, message, null);
    }

    @Override
    @Deprecated
    public void log(int level, @Nullable String message, @Nullable Throwable failure) {
        LoggerFactory.getLogger(FRAMEWORK)
                .atLevel(level(level))
                .setCause(failure)
                .log(String.valueOf(message));
    }

    @Override
    @Deprecated
    public void log(@Nullable ServiceReference<?> reference, int level, @Nullable String message) {
        log(level, message, null);
    }

    @Override
    @Deprecated
    public void log(
            @Nullable ServiceReference<?> reference,
            int level,
            @Nullable String message,
            @Nullable Throwable failure) {
        log(level, message, failure);
    }

    /** Their information is what developers of bundles want: one level lower here. */
    private static Level level(int level) {
        return switch (level) {
            case 1 -> Level.ERROR;
            case 2 -> Level.WARN;
            case 3 -> Level.DEBUG;
            default -> Level.TRACE;
        };
    }
}
