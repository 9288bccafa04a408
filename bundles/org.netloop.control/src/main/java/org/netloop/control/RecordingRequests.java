package org.netloop.control;

import org.netloop.api.profile.Profile;
import org.netloop.control.config.RefusedException;
import org.netloop.control.recording.Recordings;
import org.netloop.control.recording.Recordings.Recorded;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Recordings, as they are asked for at the socket. Thread-safe. */
final class RecordingRequests {
    static final String BEGIN = "profile.record";
    static final String LOOK = "profile.recorded";
    static final String END = "profile.end";

    static final String RECORDING = "recording";
    static final String KNOWN = "known";
    static final String BLOCKS = "blocks";
    static final String OVER = "over";
    static final String IMAGE = "image";
    static final String NAME = "name";
    static final String ENTRIES = "entries";

    private final Recordings recordings;

    RecordingRequests(Recordings recordings) {
        this.recordings = recordings;
    }

    Map<String, ?> begin(String volume, String profile) throws RefusedException {
        return Map.of(
                RECORDING,
                recordings.begin(volume, profile),
                "message",
                "volume " + volume + " is being recorded");
    }

    Map<String, ?> look(Map<String, Object> request) throws RefusedException {
        int known = request.get(KNOWN) instanceof Number number ? number.intValue() : -1;
        return answer(recordings.look(recording(request), known));
    }

    Map<String, ?> end(Map<String, Object> request) throws RefusedException {
        return answer(recordings.end(recording(request)));
    }

    private static long recording(Map<String, Object> request) throws RefusedException {
        if (request.get(RECORDING) instanceof Number number) {
            return number.longValue();
        }
        throw new RefusedException("the request does not say which '" + RECORDING + "'");
    }

    private static Map<String, ?> answer(Recorded recorded) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put(BLOCKS, recorded.blocks());
        answer.put(OVER, recorded.over());
        Profile profile = recorded.profileOrNull();
        if (profile != null) {
            answer.put(IMAGE, profile.image().toString());
            answer.put(NAME, profile.name());
            answer.put(
                    ENTRIES,
                    profile.entries().stream()
                            .map(e -> List.of(e.offset(), e.length(), e.afterMillis()))
                            .toList());
        }
        return answer;
    }
}
