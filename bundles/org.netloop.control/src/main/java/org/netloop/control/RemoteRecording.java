package org.netloop.control;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.profile.Profile;
import org.netloop.control.socket.ControlSocket;
import org.netloop.control.verbs.RecordingVerb;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A recording in a deployment, as its client sees it. Not thread-safe. */
final class RemoteRecording implements AutoCloseable {
    private final Path socket;
    private final long number;
    private @Nullable Profile profile;
    private int blocks;
    private String over = "";
    private boolean ended;

    private RemoteRecording(Path socket, long number) {
        this.socket = socket;
        this.number = number;
    }

    /**
     * Begins one.
     *
     * @throws IOException if the deployment refuses it
     */
    static RemoteRecording begin(Path socket, String volume, String name) throws IOException {
        Map<String, Object> answer =
                ControlSocket.ask(
                        socket, Map.of("do", RecordingVerb.BEGIN, "volume", volume, "name", name));
        return new RemoteRecording(socket, number(answer.get(RecordingVerb.RECORDING)));
    }

    /** Looks how it goes; true if it has more blocks than before. */
    boolean look() throws IOException {
        int before = blocks;
        take(
                ControlSocket.ask(
                        socket,
                        Map.of(
                                "do",
                                RecordingVerb.LOOK,
                                RecordingVerb.RECORDING,
                                number,
                                RecordingVerb.KNOWN,
                                before)));
        return blocks > before;
    }

    /** Ends it. */
    void end() throws IOException {
        ended = true;
        take(
                ControlSocket.ask(
                        socket, Map.of("do", RecordingVerb.END, RecordingVerb.RECORDING, number)));
    }

    private void take(Map<String, Object> answer) throws IOException {
        blocks = (int) number(answer.get(RecordingVerb.BLOCKS));
        over = String.valueOf(answer.get(RecordingVerb.OVER));
        if (answer.get(RecordingVerb.ENTRIES) instanceof List<?> rows) {
            List<Profile.Entry> entries = new ArrayList<>();
            for (Object row : rows) {
                if (!(row instanceof List<?> entry) || entry.size() != 3) {
                    throw new IOException("the deployment answered with the entry " + row);
                }
                entries.add(
                        new Profile.Entry(
                                number(entry.get(0)), number(entry.get(1)), number(entry.get(2))));
            }
            profile =
                    new Profile(
                            Digest.parse(String.valueOf(answer.get(RecordingVerb.IMAGE))),
                            String.valueOf(answer.get(RecordingVerb.NAME_OF_PROFILE)),
                            entries,
                            null);
        }
    }

    private static long number(@Nullable Object value) throws IOException {
        if (value instanceof Number number) {
            return number.longValue();
        }
        throw new IOException("the deployment answered with " + value + " for a number");
    }

    /** Returns the profile as of the last request; null if nothing was recorded. */
    @Nullable Profile profile() {
        return profile;
    }

    /** Returns the number of blocks recorded. */
    int blocks() {
        return blocks;
    }

    /** Returns the reason why recording stopped; empty while it continues. */
    String over() {
        return over;
    }

    /** Ends it if that was not done yet. */
    @Override
    public void close() throws IOException {
        if (!ended) {
            end();
        }
    }
}
