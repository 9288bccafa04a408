package org.netloop.engine.volume;

import org.netloop.api.mirror.MirrorState;
import org.netloop.api.status.Measures;
import org.netloop.api.volume.Volume;
import org.netloop.engine.fetch.Mirror;

import java.util.List;

/** Reads the measures of a volume, and the state of its mirrors. */
final class Measured {
    private Measured() {}

    /** The number of the volume's first measure of a name, without the prefix of all volumes. */
    static double number(Volume volume, String name) {
        return Measures.number(volume.measures(), "netloop_volume_" + name);
    }

    static String text(Volume volume, String name) {
        return Measures.text(volume.measures(), "netloop_volume_" + name);
    }

    static double pending(Volume volume) {
        return number(volume, "pending_blocks");
    }

    static List<MirrorState> mirrors(Volume volume) {
        return ((OpenedVolume) volume).mirrors().all().stream().map(Mirror::state).toList();
    }
}
