package org.netloop.api.index;

import org.netloop.api.block.DigestAlgorithm;

/**
 * What an image of a format is written with where its publisher says nothing else.
 *
 * @param blockLength the length of a block, as {@link ImageSpec#blockLength}
 * @param codec the id of the codec blocks are stored with
 * @param digest the algorithm blocks are named with
 * @param channels whether there are channels that could be pointed to it
 */
public record WritingDefaults(
        int blockLength, String codec, DigestAlgorithm digest, boolean channels) {

    /** Those of formats that have no reason for others. */
    public static final WritingDefaults STANDARD =
            new WritingDefaults(
                    ImageSpec.STANDARD_BLOCK_LENGTH, "zstd", DigestAlgorithm.SHA256, true);
}
