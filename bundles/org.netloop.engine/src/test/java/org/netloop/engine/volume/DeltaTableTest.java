package org.netloop.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.block.Digest;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.index.Index;
import org.netloop.api.index.ObjectReader;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.FetchException;
import org.netloop.api.volume.Volumes.OpenVolume;
import org.netloop.api.volume.Volumes.VolumeSpec;

import java.net.URI;
import java.util.List;
import java.util.Map;

/** The table of deltas cannot be had, as its object answers 503; the blocks can. */
@Timeout(60)
class DeltaTableTest extends InstalledEngine {
    private static final Digest PARENT = digest(new byte[] {1});

    @BeforeEach
    void publish() {
        engine.unbindFormat(format);
        engine.bindFormat(
                new WrappedFormat(format) {
                    @Override
                    public Index open(Reference reference, ObjectReader objects)
                            throws FetchException, InterruptedException {
                        StoredBlock table =
                                StoredBlock.object(PARENT, "table", 1, StoredBlock.PLAIN);
                        return new WithDeltas(
                                super.open(reference, objects),
                                _ -> {
                                    try {
                                        objects.read(table, 1);
                                    } catch (InterruptedException e) {
                                        throw new FetchException.Unavailable("interrupted", e);
                                    }
                                    return null;
                                });
                    }
                },
                Map.of());
        installCaches();
        rememberOpened(PARENT);
        transport.faults.put(
                "a",
                (request, _) -> {
                    if (request.uri().getPath().equals("/table")) {
                        throw new FetchException.Unavailable("503", null);
                    }
                });
    }

    @Test
    void aTableThatCannotBeHadCostsNoRead() throws Exception {
        try (OpenVolume volume = open("a")) {
            assertThat(read(volume, BLOCK, BLOCK)).isEqualTo(expected(BLOCK, BLOCK));
        }
    }

    @Test
    void aTableThatCannotBeHadDoesNotHangAVolumeThatNeverGivesUp() throws Exception {
        try (OpenVolume volume =
                engine.open(
                        new VolumeSpec(
                                "root",
                                new Reference(URI.create("test://a/"), null, null),
                                List.of(),
                                VolumeSpec.FOR_EVER))) {
            assertThat(read(volume, BLOCK, BLOCK)).isEqualTo(expected(BLOCK, BLOCK));
        }
    }
}
