package org.netloop.publish;

import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.file.StateHome;
import org.netloop.api.publish.PublishSpec;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** Directory where a publisher keeps what makes the next run faster. */
final class StateDirectory {
    private StateDirectory() {}

    /** The place it has where none is configured. */
    static Path standard(Map<String, String> environment) {
        return StateHome.of(environment, "publish");
    }

    /**
     * Stands for a repository and all options that a stored form depends on.
     *
     * @param encoder stands for codec and level, see {@link BlockEncoder#fingerprint}
     */
    static Digest identity(PublishSpec spec, Digest encoder) {
        String text =
                String.join(
                        "\n",
                        spec.repository().toString().replaceAll("/+$", ""),
                        spec.format(),
                        spec.image().codec(),
                        spec.image().digest().id(),
                        Integer.toString(spec.image().blockLength()),
                        encoder.hex());
        return Digest.of(
                DigestAlgorithm.SHA256, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
}
