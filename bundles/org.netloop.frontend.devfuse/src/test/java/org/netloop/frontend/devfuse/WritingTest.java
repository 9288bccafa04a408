package org.netloop.frontend.devfuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.Extent;
import org.netloop.api.frontend.AttachmentSpec;
import org.netloop.api.mount.Tool;
import org.netloop.api.volume.Volume;
import org.netloop.tck.Machine;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;

/** Tests writes, by the kernel; needs root. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WritingTest {
    private static final int SIZE = 4 << 20;

    @TempDir Path directory;

    private final DevFuseFrontend frontend = new DevFuseFrontend();
    private final Memory volume = new Memory();
    private final Random random = new Random(3);
    private String file = "";

    /** A volume that takes writes. */
    private static final class Memory implements Volume {
        private final byte[] bytes = new byte[SIZE];
        private volatile int flushes;

        @Override
        public String name() {
            return "disk";
        }

        @Override
        public long size() {
            return SIZE;
        }

        @Override
        public Digest identity() {
            return Digest.of(DigestAlgorithm.SHA256, ByteBuffer.allocate(1));
        }

        @Override
        public int preferredLength() {
            return 4096;
        }

        @Override
        public synchronized void read(long offset, ByteBuffer into) {
            into.put(bytes, (int) offset, into.remaining());
        }

        @Override
        public boolean readIfPresent(long offset, ByteBuffer into) {
            read(offset, into);
            return true;
        }

        @Override
        public Extent extent(long offset, long length) {
            return new Extent(offset, length, false);
        }

        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public synchronized void write(long offset, ByteBuffer from) {
            from.get(bytes, (int) offset, from.remaining());
        }

        @Override
        public synchronized void zero(long offset, long length, boolean keepRoom) {
            Arrays.fill(bytes, (int) offset, (int) (offset + length), (byte) 0);
        }

        @Override
        public synchronized void flush() {
            flushes++;
        }
    }

    @BeforeEach
    void attach() throws IOException {
        Machine.needsDevFuse();
        AttachmentSpec spec = new AttachmentSpec(directory.resolve("mount").toString(), Map.of());
        file = frontend.attach(volume, spec).address();
    }

    @AfterEach
    void detach() {
        frontend.stop();
    }

    @Test
    void whatIsWrittenIsInTheVolumeAndRead() throws Exception {
        byte[] written = new byte[3_000_000];
        random.nextBytes(written);
        byte[] read = new byte[written.length];
        try (RandomAccessFile disk = new RandomAccessFile(file, "rw")) {
            disk.seek(777);
            disk.write(written);
            disk.getFD().sync();
            disk.seek(777);
            disk.readFully(read);
        }
        assertThat(read).isEqualTo(written);
        assertThat(Arrays.copyOfRange(volume.bytes, 777, 777 + written.length)).isEqualTo(written);
        assertThat(volume.flushes).isPositive();
    }

    @Test
    void aRangeIsZeroed() throws Exception {
        Arrays.fill(volume.bytes, (byte) 1);
        Tool.run("fallocate", "--punch-hole", "--offset", "8192", "--length", "4096", file);
        Tool.run("fallocate", "--zero-range", "--offset", "65536", "--length", "8192", file);
        assertThat(volume.bytes[8191]).isEqualTo((byte) 1);
        assertThat(Arrays.copyOfRange(volume.bytes, 8192, 12288)).containsOnly(0);
        assertThat(volume.bytes[12288]).isEqualTo((byte) 1);
        assertThat(Arrays.copyOfRange(volume.bytes, 65536, 73728)).containsOnly(0);
    }

    @Test
    void itKeepsItsSize() throws Exception {
        try (RandomAccessFile disk = new RandomAccessFile(file, "rw")) {
            assertThatThrownBy(() -> disk.setLength(5)).isInstanceOf(IOException.class);
            disk.seek(SIZE - 2);
            disk.write(new byte[2]);
            assertThatThrownBy(() -> disk.write(1)).hasMessageContaining("No space left");
            assertThat(disk.length()).isEqualTo(SIZE);
        }
    }
}
