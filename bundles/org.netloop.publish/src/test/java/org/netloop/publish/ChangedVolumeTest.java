package org.netloop.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.Extent;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.publish.Published;
import org.netloop.api.transport.FetchException;
import org.netloop.api.volume.ChangedVolume;
import org.netloop.api.volume.VolumeException;
import org.netloop.api.volume.Volumes;
import org.netloop.tck.MemoryImage;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** An image with changes is published without a look at what did not change. */
@Timeout(60)
class ChangedVolumeTest {
    private static final int BLOCKS = 3000;
    private static final int TAIL = 700;

    @TempDir Path directory;

    private Bench bench;
    private byte[] before;
    private Published base;

    @BeforeEach
    void setUp() throws Exception {
        bench = new Bench(directory.resolve("state"));
        before = Bench.image(7, BLOCKS, TAIL);
        base = bench.publish(new ByteArrayInputStream(before));
    }

    /**
     * An image whose content differs from the base at some places, and cannot be read elsewhere.
     */
    private final class Changed implements ChangedVolume {
        private final byte[] now;
        private final boolean readable;

        Changed(byte[] now, boolean readable) {
            this.now = now;
            this.readable = readable;
        }

        @Override
        public String name() {
            return "changed";
        }

        @Override
        public long size() {
            return now.length;
        }

        @Override
        public Digest identity() {
            return Digest.of(DigestAlgorithm.SHA256, ByteBuffer.wrap(now));
        }

        @Override
        public int preferredLength() {
            return Bench.BLOCK;
        }

        @Override
        public void read(long offset, ByteBuffer into) throws VolumeException {
            long last = (offset + into.remaining() - 1) / Bench.BLOCK;
            for (long block = offset / Bench.BLOCK; block <= last && !readable; block++) {
                long start = block * Bench.BLOCK;
                if (nextChange(start) >= Math.min(start + Bench.BLOCK, size()) && !isZero(start)) {
                    throw new VolumeException.Io("block " + block + " did not change", null);
                }
            }
            into.put(now, (int) offset, into.remaining());
        }

        private boolean isZero(long start) {
            int end = (int) Math.min(start + Bench.BLOCK, now.length);
            return Arrays.equals(
                    now, (int) start, end, new byte[Bench.BLOCK], 0, end - (int) start);
        }

        @Override
        public boolean readIfPresent(long offset, ByteBuffer into) {
            return false;
        }

        @Override
        public Extent extent(long offset, long length) {
            long end = (offset / Bench.BLOCK + 1) * Bench.BLOCK;
            return new Extent(
                    offset,
                    Math.min(length, end - offset),
                    isZero(offset / Bench.BLOCK * Bench.BLOCK));
        }

        @Override
        public Digest base() {
            return base.image().digest();
        }

        @Override
        public long nextChange(long offset) {
            int both = Math.min(now.length, before.length);
            if (offset >= both) {
                return offset;
            }
            int at = Arrays.mismatch(now, (int) offset, both, before, (int) offset, both);
            return at < 0 ? both : offset + at;
        }
    }

    private byte[] changed() {
        byte[] now = before.clone();
        for (int block : new int[] {0, 17, 1500, 1501, BLOCKS - 1}) {
            now[block * Bench.BLOCK + 100] ^= 1;
        }
        Arrays.fill(now, 40 * Bench.BLOCK, 42 * Bench.BLOCK, (byte) 0);
        return now;
    }

    private Published publish(Changed volume, Volumes volumes) throws Exception {
        return new ImagePublisher(
                        bench.settings,
                        new Backends(
                                List.of(bench.codec),
                                List.of(bench.format),
                                Map.of("fake", bench.repository.transport())),
                        volumes)
                .publish(volume, bench.spec(), _ -> {});
    }

    private MemoryImage opened() {
        return new MemoryImage(base.image(), bench.format.blocks(base.image()), before);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5 * Bench.BLOCK + 3})
    void whatDidNotChangeIsTakenOverByName(int more) throws Exception {
        byte[] now = Arrays.copyOf(changed(), before.length + more);
        Published made = publish(new Changed(now, false), _ -> opened());
        assertThat(made.image().size()).isEqualTo(now.length);
        assertThat(bench.read(made)).isEqualTo(ByteBuffer.wrap(now));
        assertThat(made.newBlocks()).isBetween(4L, 6L);
        assertThat(made.takenOver()).isGreaterThan(made.blocks() - 8);
        Published whole = bench.publish(new ByteArrayInputStream(now));
        assertThat(whole.image()).isEqualTo(made.image());
        assertThat(whole.blocks()).isEqualTo(made.blocks());
    }

    @Test
    void withoutTheImageBelowEverythingIsRead() throws Exception {
        byte[] now = changed();
        Published made =
                publish(
                        new Changed(now, true),
                        _ -> {
                            throw new FetchException.Missing("it is elsewhere");
                        });
        assertThat(made.takenOver()).isZero();
        assertThat(bench.read(made)).isEqualTo(ByteBuffer.wrap(now));
    }

    @Test
    void ofAnotherFormNothingIsTakenOver() throws Exception {
        byte[] now = changed();
        bench.blockLength = 2 * Bench.BLOCK;
        Published made = publish(new Changed(now, true), _ -> opened());
        assertThat(made.takenOver()).isZero();
        assertThat(bench.read(made)).isEqualTo(ByteBuffer.wrap(now));
    }

    @Test
    void aBlockThatIsGoneMeanwhileIsNotNamed() {
        StoredBlock gone = opened().verify(10L * Bench.BLOCK).stored().orElseThrow();
        bench.repository.objects.remove(gone.path());
        bench.channel = "latest";
        assertThatThrownBy(() -> publish(new Changed(changed(), false), _ -> opened()))
                .hasMessageContaining(gone.path());
        assertThat(bench.format.channels).isEmpty();
    }
}
