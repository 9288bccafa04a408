package org.netloop.engine.trace;

/**
 * Records spans as events of JDK Flight Recorder. Loaded only where the module {@code jdk.jfr} is.
 * Stateless.
 */
final class FlightRecorder implements Tracer {
    @Override
    public Span read(String volume, long offset, int length) {
        ReadEvent event = new ReadEvent();
        if (!event.isEnabled()) {
            return Span.NONE;
        }
        event.volume = volume;
        event.offset = offset;
        event.length = length;
        event.begin();
        return event;
    }

    @Override
    public Span stage(String stage, String path, long position, long length) {
        StageEvent event = new StageEvent();
        if (!event.isEnabled()) {
            return Span.NONE;
        }
        event.stage = stage;
        event.path = path;
        event.position = position;
        event.length = length;
        event.begin();
        return event;
    }
}
