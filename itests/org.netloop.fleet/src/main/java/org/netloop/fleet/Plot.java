package org.netloop.fleet;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Outcomes as a picture (SVG): a column for each place; above, what came over the distant link;
 * below, the last boot; by the number of machines, all axes logarithmic.
 */
final class Plot {
    private static final int WIDTH = 290;
    private static final int HEIGHT = 220;
    private static final int LEFT = 62;
    private static final int TOP = 34;
    private static final int GAP = 50;
    private static final int LEGEND = 60;
    private static final int IN_A_ROW = 5;

    private static final List<String> COLOURS =
            List.of(
                    "#7f7f7f", "#1b6ca8", "#4fa3d1", "#2e7d4f", "#8bc34a", "#b0413e", "#e07b39",
                    "#8c5fa8", "#222222");

    private final List<Outcome> outcomes;
    private final StringBuilder svg = new StringBuilder();

    private Plot(List<Outcome> outcomes) {
        this.outcomes = outcomes;
    }

    /** Returns the picture; the same outcomes give the same bytes. */
    static String of(List<Outcome> outcomes) {
        return new Plot(outcomes).draw();
    }

    private String draw() {
        List<Place> places = outcomes.stream().map(Outcome::place).distinct().toList();
        int width = LEFT + places.size() * (WIDTH + LEFT);
        int height = TOP + 2 * (HEIGHT + GAP) + LEGEND;
        add("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\"", width, height);
        add(" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"11\">%n", width, height);
        add("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>%n", width, height);
        for (int i = 0; i < places.size(); i++) {
            Place place = places.get(i);
            int x = LEFT + i * (WIDTH + LEFT);
            text(x, TOP - 16, "start", place.name());
            panel(place, x, TOP, "MB over the distant link", o -> o.distant() / 1e6);
            panel(place, x, TOP + HEIGHT + GAP, "last boot, s", Outcome::last);
        }
        legend(height - LEGEND + 8);
        return svg.append("</svg>\n").toString();
    }

    private void panel(Place place, int x, int y, String title, ToDoubleFunction<Outcome> figure) {
        int right = decade(outcomes.stream().mapToDouble(Outcome::machines).max().orElse(1));
        int low =
                (int) Math.floor(Math.log10(outcomes.stream().mapToDouble(figure).min().orElse(1)));
        int high = decade(outcomes.stream().mapToDouble(figure).max().orElse(1));
        text(x, y - 3, "start", title);
        for (int tick = low; tick <= high; tick++) {
            double at = y + HEIGHT - scaled(tick, low, high, HEIGHT);
            line(x, at, x + WIDTH, at);
            text(x - 4, at + 4, "end", number(tick));
        }
        for (int tick = 0; tick <= right; tick++) {
            double at = x + scaled(tick, 0, right, WIDTH);
            line(at, y, at, y + HEIGHT);
            text(at, y + HEIGHT + 14, "middle", number(tick));
        }
        for (Kind kind : Kind.values()) {
            StringBuilder points = new StringBuilder();
            for (Outcome outcome : outcomes) {
                if (outcome.kind() == kind && outcome.place().equals(place)) {
                    double across = scaled(Math.log10(outcome.machines()), 0, right, WIDTH);
                    double up =
                            scaled(Math.log10(figure.applyAsDouble(outcome)), low, high, HEIGHT);
                    points.append(
                            String.format(Locale.ROOT, "%.1f,%.1f ", x + across, y + HEIGHT - up));
                }
            }
            add(
                    "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.8\"/>%n",
                    points.toString().strip(), colour(kind));
        }
    }

    private void legend(int y) {
        for (Kind kind : Kind.values()) {
            int x = LEFT + kind.ordinal() % IN_A_ROW * 190;
            int at = y + kind.ordinal() / IN_A_ROW * 20;
            add(
                    "<rect x=\"%d\" y=\"%d\" width=\"18\" height=\"4\" fill=\"%s\"/>%n",
                    x, at + 6, colour(kind));
            text(x + 24, at + 12, "start", kind.label());
        }
        text(LEFT, y + 48, "start", "across: machines; up: as titled; all logarithmic");
    }

    private static int decade(double most) {
        return Math.max(1, (int) Math.ceil(Math.log10(most) - 1e-9));
    }

    private static double scaled(double value, int low, int high, int length) {
        return (value - low) / (high - low) * length;
    }

    private static String colour(Kind kind) {
        return COLOURS.get(kind.ordinal() % COLOURS.size());
    }

    private static String number(int power) {
        return power < 0
                ? String.format(Locale.ROOT, "%." + -power + "f", Math.pow(10, power))
                : String.format(Locale.ROOT, "%,.0f", Math.pow(10, power));
    }

    private void line(double fromX, double fromY, double toX, double toY) {
        add("<path d=\"M%.1f %.1fL%.1f %.1f\" stroke=\"#dddddd\"/>%n", fromX, fromY, toX, toY);
    }

    private void text(double x, double y, String anchor, String text) {
        add("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n", x, y, anchor, text);
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }
}
