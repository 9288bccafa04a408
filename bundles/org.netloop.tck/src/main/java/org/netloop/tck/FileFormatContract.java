package org.netloop.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.Extent;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.block.Verification;
import org.netloop.api.codec.Codec;
import org.netloop.api.codec.CodecException;
import org.netloop.api.index.Index;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.FetchException;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * Obligations of every {@link IndexFormat} that reads a file in place, by ranges: the counterpart
 * of {@link IndexFormatContract}, whose formats are written.
 */
@Timeout(600)
public abstract class FileFormatContract extends RecognitionContract {
    private static final Reference FILE = new Reference(URI.create("memory:/file.img"), null, null);
    private static final int MUTATIONS = 20_000;
    private static final long SEED = 20060719;
    private static final int READERS = 8;

    /** Most bytes of a hostile file that a format may read as its map. */
    private static final long MOST_READ = 96L << 20;

    /** Created by JUnit. */
    protected FileFormatContract() {}

    /**
     * A file of the format.
     *
     * @param file its bytes
     * @param image the image it holds
     * @param map where in the file header and map lie: what a fuzzer aims at; each place counts
     *     with some bytes after it
     */
    @SuppressWarnings("ArrayRecordComponent") // Handed over once, and not compared.
    public record Sample(byte[] file, byte[] image, int... map) {}

    /** Files of the format, each of a kind of its own. */
    protected abstract List<Sample> samples() throws Exception;

    /** Returns the codec of that id: one of those the samples' blocks are stored with. */
    protected abstract Codec codec(String id);

    /** Returns how the format's blocks are verified; by default not at all. */
    protected Verification verification() {
        return Verification.NONE;
    }

    /**
     * The stored blocks that lie beside the file, by their paths: of a format whose file is only
     * the map.
     */
    protected Map<String, byte[]> beside() {
        return Map.of();
    }

    private MemoryFile file(byte[] bytes) {
        return new MemoryFile(bytes, _ -> {}, this::readBeside);
    }

    private ByteBuffer readBeside(StoredBlock block, int maxPlainLength) throws FetchException {
        byte[] stored = beside().get(block.path());
        if (stored == null) {
            throw new FetchException.Missing("there is no " + block.path() + " beside the file");
        }
        ByteBuffer plain = ByteBuffer.allocate(maxPlainLength);
        try {
            codec(block.codec()).decodeWhole(ByteBuffer.wrap(stored), plain);
        } catch (CodecException e) {
            throw new FetchException.Corrupt(block.path() + ": " + e.getMessage(), e);
        }
        if (block.plain().filter(digest -> digest.matches(plain.flip())).isEmpty()) {
            throw new FetchException.Corrupt(block.path() + " has other bytes than its digest");
        }
        return plain;
    }

    private Index open(MemoryFile file) throws FetchException, InterruptedException {
        return format().open(FILE, file);
    }

    private static ByteBuffer head(byte[] file) {
        return ByteBuffer.wrap(file, 0, Math.min(file.length, IndexFormat.HEAD_LENGTH))
                .slice()
                .asReadOnlyBuffer();
    }

    private static ByteBuffer tail(byte[] file) {
        int length = Math.min(file.length, IndexFormat.HEAD_LENGTH);
        return ByteBuffer.wrap(file, file.length - length, length).slice().asReadOnlyBuffer();
    }

    @Test
    void itsFilesAreRecognisedAndOthersAreNot() throws Exception {
        assertThat(format().entry(FILE)).isEmpty();
        for (Sample sample : samples()) {
            assertThat(
                            format().recognises(head(sample.file()))
                                    || format().recognisesTail(tail(sample.file())))
                    .isTrue();
        }
        for (ByteBuffer other :
                List.of(
                        ByteBuffer.allocate(0),
                        ByteBuffer.allocate(100),
                        ByteBuffer.wrap(Arrays.copyOf("<!DOCTYPE html>".getBytes(), 1000)),
                        ByteBuffer.wrap(Arrays.copyOf(" <html>".getBytes(), 1000)))) {
            assertThat(format().recognises(other.asReadOnlyBuffer())).isFalse();
            assertThat(format().recognisesTail(other.asReadOnlyBuffer())).isFalse();
        }
    }

    @Test
    void everyByteOfTheImageIsInABlock() throws Exception {
        for (Sample sample : samples()) {
            MemoryFile file = file(sample.file());
            Index index = open(file);
            assertThat(index.image().size()).isEqualTo(sample.image().length);
            assertThat(index.image().format()).isEqualTo(format().id());
            assertThat(index.image().verification()).isEqualTo(verification());
            long at = 0;
            while (at < sample.image().length) {
                Block block = index.block(at);
                assertThat(block.offset()).isEqualTo(at);
                assertThat(block.length()).isLessThanOrEqualTo(index.image().maxBlockLength());
                assertThat(index.block(block.end() - 1)).isEqualTo(block);
                assertThat(index.blockIfLoaded(at)).isEqualTo(block);
                assertThat(plain(block, file))
                        .as("block at %d", at)
                        .isEqualTo(Arrays.copyOfRange(sample.image(), (int) at, (int) block.end()));
                at = block.end();
            }
        }
    }

    private byte[] plain(Block block, MemoryFile file) throws IOException {
        byte[] plain = new byte[block.length()];
        StoredBlock stored = block.storedOrNull();
        if (stored == null) {
            return plain;
        }
        if (stored.verification() == Verification.PLAIN) {
            return readBeside(stored, block.length()).array();
        }
        assertThat(stored.path()).isEmpty();
        ByteBuffer bytes = file.bytes().slice((int) stored.position(), stored.length());
        ByteBuffer into = ByteBuffer.wrap(plain);
        if (stored.codec().equals(StoredBlock.PLAIN)) {
            into.put(bytes);
        } else if (stored.hasPadding()) {
            codec(stored.codec()).decode(bytes, into);
        } else {
            codec(stored.codec()).decodeWhole(bytes, into);
        }
        assertThat(into.hasRemaining()).isFalse();
        return plain;
    }

    @Test
    void extentsAgreeWithTheBlocks() throws Exception {
        for (Sample sample : samples()) {
            Index index = open(file(sample.file()));
            long size = index.image().size();
            for (long at = 0; at < size; ) {
                Extent extent = index.extent(at);
                assertThat(extent.offset()).isEqualTo(at);
                assertThat(extent.end()).isGreaterThan(at).isLessThanOrEqualTo(size);
                for (long in = at; in < extent.end(); in = index.block(in).end()) {
                    assertThat(index.block(in).isHole()).isEqualTo(extent.hole());
                }
                long inside = at + extent.length() / 2;
                assertThat(index.extent(inside))
                        .isEqualTo(new Extent(inside, extent.end() - inside, extent.hole()));
                at = extent.end();
            }
        }
    }

    @Test
    void offsetsOutsideOfTheImageAreRefused() throws Exception {
        Sample sample = samples().getFirst();
        Index index = open(file(sample.file()));
        for (long offset : new long[] {-1, sample.image().length, Long.MAX_VALUE, Long.MIN_VALUE}) {
            assertThatThrownBy(() -> index.block(offset))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> index.blockIfLoaded(offset))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> index.extent(offset))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void aFileHasNoChannelsAndOneImage() throws Exception {
        MemoryFile file = file(samples().getFirst().file());
        Digest other = Digest.of(DigestAlgorithm.SHA256, ByteBuffer.allocate(1));
        for (Reference reference :
                List.of(
                        new Reference(FILE.repository(), "other", null),
                        new Reference(FILE.repository(), null, other))) {
            assertThatThrownBy(() -> format().open(reference, file))
                    .isInstanceOf(FetchException.Missing.class);
        }
        Digest image = open(file).image().digest();
        assertThat(format().open(new Reference(FILE.repository(), null, image), file).image())
                .isEqualTo(open(file).image());
    }

    @Test
    void blocksOfTwoVersionsHaveDifferentKeysUnlessTheirContentIsVerified() throws Exception {
        byte[] bytes = samples().getFirst().file();
        Index one = open(file(bytes));
        Index other = open(file(bytes));
        assertThat(one.image().digest()).isNotEqualTo(other.image().digest());
        for (long at = 0; at < one.image().size(); at = one.block(at).end()) {
            if (!one.block(at).isHole()) {
                Digest key = one.block(at).stored().orElseThrow().key();
                assertThat(key.equals(other.block(at).stored().orElseThrow().key()))
                        .isEqualTo(verification() != Verification.NONE);
            }
        }
    }

    @Test
    void readersOfOnePartJoinOneRead() throws Exception {
        for (Sample sample : samples()) {
            MemoryFile file = file(sample.file());
            Index index = open(file);
            file.forgetReads();
            List<FutureTask<Block>> readers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                FutureTask<Block> reader = new FutureTask<>(() -> index.block(0));
                readers.add(reader);
                Thread.ofVirtual().start(reader);
            }
            for (FutureTask<Block> reader : readers) {
                assertThat(reader.get(60, TimeUnit.SECONDS)).isEqualTo(index.block(0));
            }
            assertThat(file.reads()).doesNotHaveDuplicates();
        }
    }

    @Test
    void aFailureIsNotRemembered() throws Exception {
        for (Sample sample : samples()) {
            boolean[] down = new boolean[1];
            MemoryFile file =
                    new MemoryFile(
                            sample.file(),
                            path -> {
                                if (down[0]) {
                                    throw new FetchException.Unavailable(path, null);
                                }
                            },
                            this::readBeside);
            Index index = open(file);
            down[0] = true;
            for (int i = 0; i < 100; i++) {
                if (index.blockIfLoaded(0) == null) {
                    assertThatThrownBy(() -> index.block(0))
                            .isInstanceOf(FetchException.Unavailable.class);
                }
            }
            down[0] = false;
            assertThat(index.block(0)).isEqualTo(index.blockIfLoaded(0));
        }
    }

    /** Mutated files: refused, or read within the bounds of image and file. */
    @Test
    void hostileFilesAreRefusedOrReadWithinBounds() throws Exception {
        List<Sample> samples = samples();
        Random random = new Random(SEED);
        for (int round = 0; round < MUTATIONS; round++) {
            Sample sample = samples.get(round % samples.size());
            byte[] hostile =
                    round % 4 == 0
                            ? Mutations.of(sample.file(), random)
                            : Mutations.inPlace(sample.file(), sample.map(), 64, random);
            tryToRead(file(hostile), round);
        }
    }

    private void tryToRead(MemoryFile file, int round) {
        try {
            Index index = open(file);
            long size = index.image().size();
            for (long offset : size == 0 ? new long[0] : new long[] {0, size / 2, size - 1}) {
                Block block = index.block(offset);
                assertThat(block.offset()).isLessThanOrEqualTo(offset);
                assertThat(block.end()).isGreaterThan(offset).isLessThanOrEqualTo(size);
                assertThat(block.length()).isLessThanOrEqualTo(index.image().maxBlockLength());
                block.stored().ifPresent(stored -> isInside(stored, file));
                assertThat(index.extent(offset).end()).isLessThanOrEqualTo(size);
            }
        } catch (FetchException e) {
            assertThat(e).hasMessageNotContaining("null");
        } catch (InterruptedException | RuntimeException | AssertionError e) {
            fail("round " + round, e);
        }
        assertThat(file.reads().stream().mapToLong(MemoryFile.Range::length).sum())
                .isLessThan(MOST_READ);
    }

    private static void isInside(StoredBlock stored, MemoryFile file) {
        if (stored.verification() == Verification.PLAIN) {
            assertThat(stored.path()).isNotEmpty();
            return;
        }
        assertThat(stored.position() + stored.length()).isLessThanOrEqualTo(file.bytes().limit());
    }
}
