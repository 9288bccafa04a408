package org.netloop.api.profile;

import org.netloop.api.file.AtomicFile;
import org.netloop.api.file.SmallFile;

import java.io.IOException;
import java.nio.file.Path;

/** Profiles in files, as commands take and leave them. Stateless. */
public final class ProfileFiles {
    private ProfileFiles() {}

    /**
     * Reads a file of at most {@link ProfileFormat#MAX_LENGTH} bytes.
     *
     * @throws IOException if it cannot be read, is longer, or holds no profile
     */
    public static Profile read(ProfileFormat format, Path file) throws IOException {
        return format.read(file.toString(), SmallFile.read(file, ProfileFormat.MAX_LENGTH));
    }

    /**
     * Writes a file, or replaces it: whoever reads it sees the whole of the one or of the other.
     *
     * @throws IOException if it cannot be written; what was there before still is
     */
    public static void write(ProfileFormat format, Profile profile, Path file) throws IOException {
        AtomicFile.write(file, format.write(profile));
    }
}
