package org.netloop.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.api.Test;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.Extent;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.ImageSpec;
import org.netloop.api.index.Index;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Repository;
import org.netloop.tck.MemoryRepository.Read;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Obligations of every {@link IndexFormat} that writes images in blocks of one length. */
public abstract class IndexFormatContract extends IndexPartsContract {
    private static final int MUTATIONS = 20_000;
    private static final long SEED = 20060719;

    /** Created by JUnit. */
    protected IndexFormatContract() {}

    @Test
    void whatIsWrittenIsReadBack() throws Exception {
        for (DigestAlgorithm algorithm : accepted()) {
            long size = 5000L * BLOCK + 1234;
            List<Block> written = publish(spec(BLOCK, algorithm), size, number -> number % 10 < 4);
            Index index = open();
            assertThat(index.image().size()).isEqualTo(size);
            for (Block block : written) {
                assertThat(index.block(block.offset())).isEqualTo(block);
                assertThat(index.block(block.end() - 1)).isEqualTo(block);
            }
        }
    }

    @Test
    void whatThePublisherSaidIsReadBack() throws Exception {
        Digest parent = Digest.of(DigestAlgorithm.SHA256, ByteBuffer.allocate(1));
        Map<String, String> labels = Map.of("b", "\"quoted\"\n", "a", "Größe 𝄞", "empty", "");
        ImageSpec spec = new ImageSpec(BLOCK, CODEC, DigestAlgorithm.SHA256, parent, labels);
        ImageInfo written = write(repository, spec, BLOCK, _ -> false, new ArrayList<>());
        ImageInfo read =
                format().open(
                                new Reference(repository.base(), null, written.digest()),
                                repository.objects())
                        .image();
        assertThat(read).isEqualTo(written);
        assertThat(read.format()).isEqualTo(format().id());
        assertThat(read.codec()).isEqualTo(CODEC);
        assertThat(read.maxBlockLength()).isEqualTo(BLOCK);
        assertThat(read.parent()).contains(parent);
        assertThat(read.labels()).isEqualTo(labels);
    }

    @Test
    void anImageMayBeEmptyOrOneHole() throws Exception {
        publish(spec(), 0, _ -> false);
        assertThat(open().image().size()).isZero();
        Index empty = open();
        assertThatThrownBy(() -> empty.block(0)).isInstanceOf(IndexOutOfBoundsException.class);
        publish(spec(), GIB + 1, _ -> true);
        assertThat(open().extent(0)).isEqualTo(new Extent(0, GIB + 1, true));
        assertThat(open().image().storedBytes()).isLessThan(1);
    }

    @Test
    void offsetsOutsideOfTheImageAreRefused() throws Exception {
        publish(spec(), 3 * BLOCK + 1, _ -> false);
        Index index = open();
        for (long offset : new long[] {-1, 3 * BLOCK + 1, Long.MAX_VALUE, Long.MIN_VALUE}) {
            assertThatThrownBy(() -> index.block(offset))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> index.blockIfLoaded(offset))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> index.extent(offset))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void theFirstObjectIsRecognisedAndOthersAreNot() throws Exception {
        publish(spec(), BLOCK, _ -> false);
        Digest image = open().image().digest();
        for (Digest digest : new Digest[] {null, image}) {
            String entry = format().entry(new Reference(repository.base(), null, digest));
            ByteBuffer object = repository.read(entry, 1 << 20);
            assertThat(format().recognises(head(object))).as(entry).isTrue();
        }
        assertThat(format().recognises(ByteBuffer.allocate(0))).isFalse();
        assertThat(format().recognises(ByteBuffer.allocate(100))).isFalse();
        assertThat(format().recognises(ByteBuffer.wrap("<!DOCTYPE html>".getBytes()))).isFalse();
    }

    private static ByteBuffer head(ByteBuffer object) {
        return object.slice(0, Math.min(object.limit(), IndexFormat.HEAD_LENGTH))
                .asReadOnlyBuffer();
    }

    @Test
    void aDigestWinsOverAChannel() throws Exception {
        publish(spec(), BLOCK, _ -> false);
        Digest first = open().image().digest();
        publish(spec(), 2 * BLOCK, _ -> false);
        assertThat(open().image().size()).isEqualTo(2 * BLOCK);
        Reference both = new Reference(repository.base(), Reference.STANDARD_CHANNEL, first);
        assertThat(format().open(both, repository.objects()).image().size()).isEqualTo(BLOCK);
    }

    @Test
    void whatIsNotThereIsMissing() {
        Digest digest = Digest.of(DigestAlgorithm.SHA256, ByteBuffer.allocate(1));
        for (Reference reference :
                List.of(
                        channel,
                        new Reference(repository.base(), "other", null),
                        new Reference(repository.base(), null, digest))) {
            assertThatThrownBy(() -> format().open(reference, repository.objects()))
                    .isInstanceOf(FetchException.Missing.class);
        }
    }

    @Test
    void extentsAgreeWithTheBlocks() throws Exception {
        long size = 9000L * BLOCK - 5;
        Random random = new Random(SEED);
        boolean[] holes = new boolean[9000];
        for (int i = 0; i < holes.length; i++) {
            holes[i] =
                    i > 2000 && i < 7000
                            || (i > 0 && random.nextInt(8) > 0 && holes[i - 1])
                            || random.nextInt(8) == 0;
        }
        publish(spec(), size, number -> holes[(int) number]);
        Index index = open();
        long offset = 0;
        while (offset < size) {
            Extent extent = index.extent(offset);
            assertThat(extent.offset()).isEqualTo(offset);
            assertThat(extent.end()).isLessThanOrEqualTo(size);
            for (long at = offset; at < extent.end(); at += BLOCK) {
                assertThat(holes[(int) (at / BLOCK)]).isEqualTo(extent.hole());
            }
            long inside = offset + extent.length() / 2;
            assertThat(index.extent(inside))
                    .isEqualTo(new Extent(inside, extent.end() - inside, extent.hole()));
            offset = extent.end();
        }
        assertThat(offset).isEqualTo(size);
    }

    /** Each object that an index reads, mutated by a hostile publisher whose digests match. */
    @Test
    void hostileObjectsAreRefusedOrReadWithinBounds() throws Exception {
        Map<String, String> labels = Map.of("name", "value");
        Digest parent = Digest.of(DigestAlgorithm.SHA256, ByteBuffer.allocate(1));
        publish(
                new ImageSpec(BLOCK, CODEC, DigestAlgorithm.SHA256, parent, labels),
                24 * BLOCK,
                number -> number % 3 == 1);
        repository.forgetReads();
        open().block(0);
        List<String> paths = repository.reads().stream().map(Read::path).distinct().toList();
        assertThat(paths).isNotEmpty();
        for (String path : paths) {
            byte[] original = bytes(path);
            for (int seed = 0; seed < MUTATIONS; seed++) {
                byte[] hostile = Mutations.of(original, new Random(SEED + seed));
                repository.put(path, ByteBuffer.wrap(hostile), Repository.Kind.BLOCK);
                tryToRead(path, seed, hostile);
            }
            repository.put(path, ByteBuffer.wrap(original), Repository.Kind.BLOCK);
        }
    }

    private byte[] bytes(String path) throws FetchException {
        ByteBuffer object = repository.read(path, 1 << 20);
        byte[] bytes = new byte[object.remaining()];
        object.get(bytes);
        return bytes;
    }

    private void tryToRead(String path, int seed, byte[] hostile) {
        try {
            Index index = format().open(channel, repository.unverifiedObjects());
            long size = index.image().size();
            for (long offset : size == 0 ? new long[0] : new long[] {0, size - 1}) {
                Block block = index.block(offset);
                assertThat(block.offset()).isLessThanOrEqualTo(offset);
                assertThat(block.end()).isGreaterThan(offset).isLessThanOrEqualTo(size);
                assertThat(index.extent(offset).end()).isLessThanOrEqualTo(size);
            }
        } catch (FetchException _) {
            // The expected end of most of them.
        } catch (InterruptedException | RuntimeException | AssertionError e) {
            fail(path + " of seed " + seed + ": " + HexFormat.of().formatHex(hostile), e);
        } finally {
            repository.forgetReads();
        }
    }
}
