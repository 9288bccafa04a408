package org.netloop.launcher.log;

import org.osgi.service.log.FormatterLogger;
import org.osgi.service.log.LoggerConsumer;

/**
 * A logger of OSGi's log service over one of SLF4J, whose messages have the same placeholders. What
 * the framework's own services call information is for developers of bundles, and so a level lower.
 */
final class BundleLogger implements FormatterLogger {
    private final org.slf4j.Logger log;

    BundleLogger(org.slf4j.Logger log) {
        this.log = log;
    }

    @Override
    public String getName() {
        return log.getName();
    }

    @Override
    public boolean isTraceEnabled() {
        return log.isTraceEnabled();
    }

    @Override
    public void trace(String message) {
        log.trace(message);
    }

    @Override
    public void trace(String format, Object argument) {
        log.trace(format, argument);
    }

    @Override
    public void trace(String format, Object first, Object second) {
        log.trace(format, first, second);
    }

    @Override
    public void trace(String format, Object... arguments) {
        log.trace(format, arguments);
    }

    @Override
    public <E extends Exception> void trace(LoggerConsumer<E> consumer) throws E {
        if (isTraceEnabled()) {
            consumer.accept(this);
        }
    }

    @Override
    public boolean isDebugEnabled() {
        return log.isTraceEnabled();
    }

    @Override
    public void debug(String message) {
        log.trace(message);
    }

    @Override
    public void debug(String format, Object argument) {
        log.trace(format, argument);
    }

    @Override
    public void debug(String format, Object first, Object second) {
        log.trace(format, first, second);
    }

    @Override
    public void debug(String format, Object... arguments) {
        log.trace(format, arguments);
    }

    @Override
    public <E extends Exception> void debug(LoggerConsumer<E> consumer) throws E {
        if (isDebugEnabled()) {
            consumer.accept(this);
        }
    }

    @Override
    public boolean isInfoEnabled() {
        return log.isDebugEnabled();
    }

    @Override
    public void info(String message) {
        log.debug(message);
    }

    @Override
    public void info(String format, Object argument) {
        log.debug(format, argument);
    }

    @Override
    public void info(String format, Object first, Object second) {
        log.debug(format, first, second);
    }

    @Override
    public void info(String format, Object... arguments) {
        log.debug(format, arguments);
    }

    @Override
    public <E extends Exception> void info(LoggerConsumer<E> consumer) throws E {
        if (isInfoEnabled()) {
            consumer.accept(this);
        }
    }

    @Override
    public boolean isWarnEnabled() {
        return log.isWarnEnabled();
    }

    @Override
    public void warn(String message) {
        log.warn(message);
    }

    @Override
    public void warn(String format, Object argument) {
        log.warn(format, argument);
    }

    @Override
    public void warn(String format, Object first, Object second) {
        log.warn(format, first, second);
    }

    @Override
    public void warn(String format, Object... arguments) {
        log.warn(format, arguments);
    }

    @Override
    public <E extends Exception> void warn(LoggerConsumer<E> consumer) throws E {
        if (isWarnEnabled()) {
            consumer.accept(this);
        }
    }

    @Override
    public boolean isErrorEnabled() {
        return log.isErrorEnabled();
    }

    @Override
    public void error(String message) {
        log.error(message);
    }

    @Override
    public void error(String format, Object argument) {
        log.error(format, argument);
    }

    @Override
    public void error(String format, Object first, Object second) {
        log.error(format, first, second);
    }

    @Override
    public void error(String format, Object... arguments) {
        log.error(format, arguments);
    }

    @Override
    public <E extends Exception> void error(LoggerConsumer<E> consumer) throws E {
        if (isErrorEnabled()) {
            consumer.accept(this);
        }
    }

    @Override
    public void audit(String message) {
        log.info(message);
    }

    @Override
    public void audit(String format, Object argument) {
        log.info(format, argument);
    }

    @Override
    public void audit(String format, Object first, Object second) {
        log.info(format, first, second);
    }

    @Override
    public void audit(String format, Object... arguments) {
        log.info(format, arguments);
    }
}
