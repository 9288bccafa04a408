package org.netloop.launcher.log;

import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;

import java.util.Set;

/** A logger of the process's log. */
final class ProcessLogger extends LegacyAbstractLogger {
    private static final long serialVersionUID = 1L;

    /**
     * Loggers of HttpClient that write what goes over the wire, piece by piece or as a hex dump: no
     * filter finds a credential in that, so they write nothing.
     */
    private static final Set<String> RAW =
            Set.of(
                    "org.apache.hc.client5.http.headers",
                    "org.apache.hc.client5.http.wire",
                    "org.apache.hc.client5.http2.frame",
                    "org.apache.hc.client5.http2.frame.payload");

    private final transient ProcessLog log;
    private final boolean isRaw;

    ProcessLogger(String name, ProcessLog log) {
        this.name = name;
        this.log = log;
        this.isRaw = RAW.contains(name);
    }

    @Override
    public boolean isTraceEnabled() {
        return !isRaw && log.isEnabled(Level.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
        return !isRaw && log.isEnabled(Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return log.isEnabled(Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return log.isEnabled(Level.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
        return log.isEnabled(Level.ERROR);
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            @Nullable String template,
            Object @Nullable [] arguments,
            @Nullable Throwable failure) {
        log.write(level, name, template, arguments, failure);
    }
}
