package org.netloop.profile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.index.Index;
import org.netloop.api.profile.Profile;
import org.netloop.api.transport.Repository.Kind;
import org.netloop.tck.MemoryImage;
import org.netloop.tck.MemoryRepository;
import org.netloop.tck.MemoryRepository.Action;
import org.netloop.tck.MemoryRepository.Step;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Tests that a pack is whole and durable before a profile names it. */
class PackingTest {
    private static final int BLOCK = 4096;

    private final MemoryRepository repository = new MemoryRepository();
    private final byte[] bytes =
            "netloop ".repeat(2 * BLOCK / 8).getBytes(StandardCharsets.US_ASCII);

    private Profile pack() throws IOException, InterruptedException {
        bytes[0] = 'N';
        Index index = MemoryImage.of(BLOCK, bytes).index();
        for (int offset = 0; offset < bytes.length; offset += BLOCK) {
            StoredBlock stored = index.block(offset).stored().orElseThrow();
            ByteBuffer content = ByteBuffer.wrap(bytes, offset, BLOCK).slice();
            repository.put(stored.path(), content, Kind.BLOCK);
        }
        List<Profile.Entry> all = List.of(new Profile.Entry(0, bytes.length, 0));
        Profile profile = new Profile(index.image().digest(), Profile.BOOT, all, null);
        return Packing.pack(profile, index, repository);
    }

    @Test
    void itIsDurableBeforeItIsNamed() throws Exception {
        String path = pack().pack().orElseThrow().path();
        assertThat(repository.read(path, bytes.length)).isEqualTo(ByteBuffer.wrap(bytes));
        assertThat(repository.journal())
                .endsWith(new Step(Action.PUT, path), new Step(Action.SYNC, ""));
    }

    @Test
    void oneThatAPowerCutLeftEmptyIsPutAgain() throws Exception {
        String path = pack().pack().orElseThrow().path();
        repository.put(path, ByteBuffer.allocate(0), Kind.BLOCK);
        assertThat(pack().pack().orElseThrow().path()).isEqualTo(path);
        assertThat(repository.read(path, bytes.length)).isEqualTo(ByteBuffer.wrap(bytes));
    }
}
