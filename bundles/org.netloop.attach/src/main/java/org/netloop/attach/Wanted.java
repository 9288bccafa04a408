package org.netloop.attach;

import org.netloop.api.frontend.AttachmentSpec;
import org.netloop.api.status.Report;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Configured state of an attachment.
 *
 * @param enabled whether it is to be made at all
 * @param volume the volume's name
 * @param frontend the frontend's id
 * @param spec where and how
 * @param grace how long reads wait for a volume that left
 * @param revision of the configuration
 */
record Wanted(
        boolean enabled,
        String volume,
        String frontend,
        AttachmentSpec spec,
        Duration grace,
        long revision) {

    static Wanted of(ConfiguredAttachment.Config config, Map<String, ?> properties) {
        return new Wanted(
                config.enabled(),
                config.volume(),
                config.frontend(),
                new AttachmentSpec(config.place(), options(config.options())),
                Duration.ofMillis(config.grace_ms()),
                Report.revision(properties));
    }

    private static Map<String, String> options(String[] entries) {
        Map<String, String> options = new HashMap<>();
        for (String entry : entries) {
            int equals = entry.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("option '" + entry + "' is not key=value");
            }
            options.put(entry.substring(0, equals), entry.substring(equals + 1));
        }
        return options;
    }

    /** Returns whether an attachment made for one is right for the other, whatever their ranks. */
    boolean sameAttachment(Wanted other) {
        return volume.equals(other.volume)
                && samePlace(other)
                && spec.options().equals(other.spec.options());
    }

    /** The same with another rank. */
    Wanted ranked(int rank) {
        return new Wanted(
                enabled,
                volume,
                frontend,
                new AttachmentSpec(spec.place(), spec.options(), rank),
                grace,
                revision);
    }

    boolean samePlace(Wanted other) {
        return frontend.equals(other.frontend) && spec.place().equals(other.spec.place());
    }

    @Override
    public String toString() {
        return "volume " + volume + " at " + spec.place() + " by " + frontend;
    }
}
