package org.netloop.launcher.log;

import org.jspecify.annotations.Nullable;
import org.netloop.api.message.Failures;
import org.netloop.api.message.Printable;
import org.netloop.api.message.Secrets;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.helpers.MessageFormatter;

import java.io.PrintStream;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The log of the process: one line an event on standard error, as {@code time LEVEL Name -
 * message}. Here, and nowhere else, secrets are taken out, text from outside is made printable,
 * failures become sentences (with their stack traces only where somebody debugs, or where it is a
 * defect), and what repeats is counted. Called by many threads at once.
 */
public final class ProcessLog implements ILoggerFactory {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX", Locale.ROOT);
    private static final int DEEPEST = 32;
    private static final ProcessLog INSTANCE =
            new ProcessLog(Clock.systemDefaultZone(), System::nanoTime, () -> System.err);

    private final Clock clock;
    private final Supplier<PrintStream> out;
    private final Repeats repeats;
    private final ConcurrentMap<String, Logger> loggers = new ConcurrentHashMap<>();
    private volatile int threshold = Level.WARN.toInt();
    private boolean summarising;

    ProcessLog(Clock clock, LongSupplier nanoTime, Supplier<PrintStream> out) {
        this.clock = clock;
        this.out = out;
        this.repeats = new Repeats(nanoTime);
    }

    /** That of this process. */
    public static ProcessLog instance() {
        return INSTANCE;
    }

    /**
     * From which level on events are written.
     *
     * @param level one of SLF4J's, in any case; another word turns nothing off and stays without
     *     effect
     */
    public void setThreshold(String level) {
        for (Level known : Level.values()) {
            if (known.name().equalsIgnoreCase(level.strip())) {
                threshold = known.toInt();
            }
        }
    }

    @Override
    public Logger getLogger(String name) {
        return loggers.computeIfAbsent(name, one -> new ProcessLogger(one, this));
    }

    boolean isEnabled(Level level) {
        return level.toInt() >= threshold;
    }

    void write(
            Level level,
            String logger,
            @Nullable String template,
            Object @Nullable [] arguments,
            @Nullable Throwable failure) {
        String text = text(template, arguments, failure);
        if (level.toInt() < Level.INFO.toInt()) {
            print(level, logger, text, failure);
        } else if (repeats.admit(logger, level, String.valueOf(template), text)) {
            print(level, logger, text, failure);
        } else {
            summariseLater();
        }
    }

    private static String text(
            @Nullable String template, Object @Nullable [] arguments, @Nullable Throwable failure) {
        String text = String.valueOf(MessageFormatter.basicArrayFormat(template, arguments));
        String printable = Printable.line(Secrets.hide(text));
        if (failure == null) {
            return printable;
        }
        String sentence = Failures.sentence(failure);
        return printable.contains(sentence) ? printable : printable + ": " + sentence;
    }

    private void print(Level level, String logger, String text, @Nullable Throwable failure) {
        StringBuilder line =
                new StringBuilder(TIME.format(OffsetDateTime.now(clock)))
                        .append(' ')
                        .append(level)
                        .append(' ')
                        .append(logger.substring(logger.lastIndexOf('.') + 1))
                        .append(" - ")
                        .append(text)
                        .append('\n');
        if (failure != null && (Failures.isDefect(failure) || isEnabled(Level.DEBUG))) {
            trace(failure, line);
        }
        PrintStream stream = out.get();
        stream.print(line);
        stream.flush();
    }

    /** A message within it may hold line breaks: each throwable is made printable by itself. */
    private static void trace(Throwable failure, StringBuilder text) {
        Throwable each = failure;
        for (int i = 0; each != null && i < DEEPEST; i++, each = each.getCause()) {
            text.append(i == 0 ? "" : "Caused by: ")
                    .append(Printable.line(Secrets.hide(String.valueOf(each))))
                    .append('\n');
            for (StackTraceElement element : each.getStackTrace()) {
                text.append("\tat ").append(element).append('\n');
            }
        }
    }

    /** One thread does it, as long as there is something to wait for. */
    private synchronized void summariseLater() {
        if (!summarising) {
            summarising = true;
            Thread.ofPlatform().daemon().name("netloop-log").start(this::summarise);
        }
    }

    private void summarise() {
        try {
            while (mayWait()) {
                repeats.awaitEnd();
                repeats.ended().forEach(this::print);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean mayWait() {
        summarising = repeats.areWaiting();
        return summarising;
    }

    private void print(Repeats.Summary summary) {
        print(
                summary.level(),
                summary.logger(),
                "and "
                        + summary.count()
                        + " more like it within "
                        + summary.seconds()
                        + " s, the last: "
                        + summary.last(),
                null);
    }

    /** Writes the counts that nobody saw yet: the process ends. */
    public void finish() {
        repeats.all().forEach(this::print);
    }
}
