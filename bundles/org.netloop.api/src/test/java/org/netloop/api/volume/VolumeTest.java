package org.netloop.api.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.Extent;
import org.netloop.api.block.Verification;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.mount.StatusText;

import java.nio.ByteBuffer;
import java.util.Map;

/** Tests what every volume has that implements no more than it must. */
class VolumeTest {
    private static final Digest IMAGE = Digest.of(DigestAlgorithm.SHA256, ByteBuffer.allocate(1));

    private final ImageVolume volume = new Empty();

    @Test
    void theVolumeOfAnImageIsAsLargeAsTheImageAndNamedLikeIt() {
        assertThat(volume.size()).isEqualTo(1000);
        assertThat(volume.identity()).isEqualTo(IMAGE);
        assertThat(volume.preferredLength()).isEqualTo(4096);
    }

    @Test
    void nothingIsWrittenUnlessAVolumeSaysSo() {
        String why = "volume root is read-only";
        assertThat(volume.isWritable()).isFalse();
        assertThatThrownBy(() -> volume.write(0, ByteBuffer.allocate(1)))
                .isInstanceOf(VolumeException.ReadOnly.class)
                .hasMessage(why);
        assertThatThrownBy(() -> volume.zero(0, 1, true))
                .isInstanceOf(VolumeException.ReadOnly.class)
                .hasMessage(why);
        assertThatThrownBy(() -> volume.trim(0, 1))
                .isInstanceOf(VolumeException.ReadOnly.class)
                .hasMessage(why);
        assertThatCode(volume::flush).doesNotThrowAnyException();
    }

    @Test
    void itsStatusIsALineForEachMeasure() {
        assertThat(StatusText.of(volume))
                .isEqualTo(
                        "netloop_volume_identity{volume=\"root\"} \""
                                + IMAGE
                                + "\"\nnetloop_volume_size_bytes{volume=\"root\"} 1000\n");
    }

    @Test
    void failuresHoldNoSecrets() {
        assertThat(new VolumeException.Io("GET http://me:secret@host/x failed", null))
                .hasMessage("GET http://host/x failed");
        IllegalStateException cause = new IllegalStateException();
        assertThat(new VolumeException.NoSpace("full", cause)).hasMessage("full").hasCause(cause);
    }

    private static final class Empty implements ImageVolume {
        @Override
        public String name() {
            return "root";
        }

        @Override
        public ImageInfo image() {
            return new ImageInfo(
                    IMAGE, "raw", 1000, 4096, "none", null, -1, Map.of(), Verification.STORED);
        }

        @Override
        public Block verify(long offset) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Recording record(String name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void read(long offset, ByteBuffer into) {}

        @Override
        public boolean readIfPresent(long offset, ByteBuffer into) {
            return false;
        }

        @Override
        public Extent extent(long offset, long length) {
            return new Extent(offset, length, true);
        }
    }
}
