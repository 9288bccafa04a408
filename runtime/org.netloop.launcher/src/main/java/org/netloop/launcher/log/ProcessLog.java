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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The log of the process: one line an event on standard error, in one of the forms of {@link
 * LineForm}. Here, and nowhere else, secrets are taken out, text from outside is made printable,
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
    private final RecentLines recent = new RecentLines();
    private final ConcurrentMap<String, Logger> loggers = new ConcurrentHashMap<>();
    private volatile LineForm form = LineForm.PLAIN;
    private volatile int threshold = Level.WARN.toInt();
    private boolean summarising;

    ProcessLog(Clock clock, LongSupplier nanoTime, Supplier<PrintStream> out) {
        this.clock = clock;
        this.out = out;
        this.repeats = new Repeats(nanoTime);
    }

    /** Returns the log of this process. */
    public static ProcessLog instance() {
        return INSTANCE;
    }

    /**
     * Sets the lowest level that is written.
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

    /** Sets the form of the lines that are written from now on. */
    public void setForm(LineForm other) {
        form = other;
    }

    @Override
    public Logger getLogger(String name) {
        return loggers.computeIfAbsent(name, one -> new ProcessLogger(one, this));
    }

    /**
     * Returns what tells the last {@value RecentLines#MOST} warnings and errors, the latest first:
     * each has {@code time}, {@code level}, {@code logger} and {@code message}.
     */
    public Supplier<List<Map<String, String>>> recent() {
        return recent;
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
        List<String> lines = new ArrayList<>(List.of(text));
        if (failure != null && (Failures.isDefect(failure) || isEnabled(Level.DEBUG))) {
            trace(failure, lines);
        }
        String time = TIME.format(OffsetDateTime.now(clock));
        String name = logger.substring(logger.lastIndexOf('.') + 1);
        recent.add(time, level, name, text);
        String line = form.text(time, level, name, lines);
        PrintStream stream = out.get();
        stream.print(line);
        stream.flush();
    }

    /** A message within it may hold line breaks: each throwable is made printable by itself. */
    private static void trace(Throwable failure, List<String> lines) {
        Throwable each = failure;
        for (int i = 0; each != null && i < DEEPEST; i++, each = each.getCause()) {
            lines.add(
                    (i == 0 ? "" : "Caused by: ")
                            + Printable.line(Secrets.hide(String.valueOf(each))));
            for (StackTraceElement element : each.getStackTrace()) {
                lines.add("\tat " + element);
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
