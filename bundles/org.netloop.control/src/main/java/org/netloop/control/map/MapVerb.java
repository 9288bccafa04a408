package org.netloop.control.map;

import org.jspecify.annotations.Nullable;
import org.netloop.api.control.ControlRequest;
import org.netloop.api.control.ControlVerb;
import org.netloop.api.volume.BlockState.Place;
import org.netloop.api.volume.Volume;
import org.netloop.control.config.RefusedException;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** {@code volume.map}: where the blocks of a volume are, by cells. Fetches nothing. */
public final class MapVerb implements ControlVerb {
    /** The verbs it answers. */
    public static final List<String> NAMES = List.of("volume.map");

    /** The share of the blocks that the profile reads, in a list of the names of shares. */
    public static final String FORESEEN = "foreseen";

    /** Most cells of an answer. */
    public static final int MOST_CELLS = 1024;

    private static final int USUAL_CELLS = 80;
    private static final int LOOKS = 1 << 14;
    private static final Duration TIME = Duration.ofMillis(300);
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final BundleContext context;

    /** Creates the verb of a running deployment. */
    public MapVerb(BundleContext context) {
        this.context = context;
    }

    @Override
    public Map<String, ?> answer(ControlRequest request) throws RefusedException {
        String name = request.text("volume");
        ServiceReference<Volume> reference = reference(name);
        Volume volume = reference == null ? null : context.getService(reference);
        if (volume == null) {
            throw new RefusedException("there is no volume " + name + " that is open");
        }
        try {
            return map(volume, request);
        } finally {
            context.ungetService(reference);
        }
    }

    private @Nullable ServiceReference<Volume> reference(String name) throws RefusedException {
        if (!NAME.matcher(name).matches()) {
            throw new RefusedException("'" + name + "' is not a valid volume name");
        }
        try {
            String filter = "(" + Volume.NAME + "=" + name + ")";
            return context.getServiceReferences(Volume.class, filter).stream()
                    .max(Comparator.naturalOrder())
                    .orElse(null);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, ?> map(Volume volume, ControlRequest request)
            throws RefusedException {
        long size = volume.size();
        long offset = number(request, "offset", 0, Math.max(0, size - 1));
        long length = number(request, "length", 0, size - offset);
        length = length == 0 ? size - offset : length;
        long cells = number(request, "cells", 1, MOST_CELLS);
        Survey survey = new Survey(volume, offset, length, (int) cells, System::nanoTime);
        survey.run(LOOKS, TIME);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("volume", volume.name());
        answer.put("size", size);
        answer.put("offset", offset);
        answer.put("length", length);
        answer.put("block", volume.preferredLength());
        answer.put("sampled", survey.isSampled());
        answer.put("complete", survey.isComplete());
        answer.put("shares", names());
        answer.put("cells", survey.cells().stream().map(Cell::shares).toList());
        return answer;
    }

    /** The names of the shares of a cell, in their order. */
    private static List<String> names() {
        List<String> names = new ArrayList<>();
        for (Place place : Place.values()) {
            names.add(place.name().toLowerCase(Locale.ROOT));
        }
        names.add(FORESEEN);
        return names;
    }

    /**
     * The number of a member, which a command may have sent as text; the least if there is none.
     */
    private static long number(ControlRequest request, String member, long least, long most)
            throws RefusedException {
        Object given = request.members().get(member);
        if (given == null) {
            return member.equals("cells") ? USUAL_CELLS : least;
        }
        try {
            long number = Long.parseLong(given.toString());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException _) {
            // Told below.
        }
        throw new RefusedException(
                "'" + member + "' is not a whole number from " + least + " to " + most);
    }
}
