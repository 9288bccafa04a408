package org.netloop.control.verbs;

import org.netloop.api.control.ControlRequest;
import org.netloop.api.control.ControlVerb;
import org.netloop.api.profile.Profile;
import org.netloop.control.config.RefusedException;
import org.netloop.control.recording.Recordings;
import org.netloop.control.recording.Recordings.Recorded;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Recordings of what is read of a volume. */
public final class RecordingVerb implements ControlVerb {
    public static final String BEGIN = "profile.record";
    public static final String LOOK = "profile.recorded";
    public static final String END = "profile.end";

    /** The verbs it answers. */
    public static final List<String> NAMES = List.of(BEGIN, LOOK, END);

    public static final String RECORDING = "recording";
    public static final String KNOWN = "known";
    public static final String BLOCKS = "blocks";
    public static final String OVER = "over";
    public static final String IMAGE = "image";
    public static final String NAME_OF_PROFILE = "name";
    public static final String ENTRIES = "entries";

    private final Recordings recordings;

    /** Creates the verb of a running deployment. */
    public RecordingVerb(Recordings recordings) {
        this.recordings = recordings;
    }

    @Override
    public Map<String, ?> answer(ControlRequest request) throws RefusedException {
        return switch (request.verb()) {
            case BEGIN -> begin(request.text("volume"), request.text(NAME_OF_PROFILE));
            case LOOK -> answer(recordings.look(request.number(RECORDING), known(request)));
            default -> answer(recordings.end(request.number(RECORDING)));
        };
    }

    private Map<String, ?> begin(String volume, String profile) throws RefusedException {
        return Map.of(
                RECORDING,
                recordings.begin(volume, profile),
                "message",
                "volume " + volume + " is being recorded");
    }

    private static int known(ControlRequest request) {
        return request.members().get(KNOWN) instanceof Number number ? number.intValue() : -1;
    }

    private static Map<String, ?> answer(Recorded recorded) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put(BLOCKS, recorded.blocks());
        answer.put(OVER, recorded.over());
        Profile profile = recorded.profileOrNull();
        if (profile != null) {
            answer.put(IMAGE, profile.image().toString());
            answer.put(NAME_OF_PROFILE, profile.name());
            answer.put(
                    ENTRIES,
                    profile.entries().stream()
                            .map(e -> List.of(e.offset(), e.length(), e.afterMillis()))
                            .toList());
        }
        return answer;
    }
}
