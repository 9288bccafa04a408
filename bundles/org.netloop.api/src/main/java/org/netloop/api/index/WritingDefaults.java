package org.netloop.api.index;

import org.netloop.api.block.DigestAlgorithm;

/**
 * Properties of a written image that its publisher does not choose.
 *
 * @param blockLength the length of a block, as {@link ImageSpec#blockLength}
 * @param codec the id of the codec that encodes blocks
 * @param digest the algorithm that names blocks
 * @param channels whether the format has channels
 */
public record WritingDefaults(
        int blockLength, String codec, DigestAlgorithm digest, boolean channels) {

    /** Defaults of a format that has no reason for others. */
    public static final WritingDefaults STANDARD =
            new WritingDefaults(
                    ImageSpec.STANDARD_BLOCK_LENGTH, "zstd", DigestAlgorithm.SHA256, true);
}
