package org.netloop.format.idx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.ImageSpec;
import org.netloop.api.index.IndexWriter;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.FetchException;
import org.netloop.tck.MemoryRepository;

import java.nio.ByteBuffer;
import java.util.Map;

class Md5Test {
    private static final ImageSpec SPEC =
            new ImageSpec(256 << 10, "zlib", DigestAlgorithm.MD5, null, Map.of());

    private final MemoryRepository repository = new MemoryRepository();

    @Test
    void md5IsRefusedUnlessItIsAccepted() throws Exception {
        assertThatThrownBy(() -> new IdxFormat().write(repository, SPEC))
                .isInstanceOf(FetchException.Unsupported.class)
                .hasMessageContaining("accept.md5");
        IdxFormat accepting = new IdxFormat(true);
        Digest block = Digest.of(DigestAlgorithm.MD5, ByteBuffer.allocate(1));
        ImageInfo image;
        try (IndexWriter writer = accepting.write(repository, SPEC)) {
            writer.append(new Block(0, 256 << 10, writer.locate(block, 99, "zlib")));
            image = writer.finish(256 << 10);
        }
        accepting.catalog(repository).move("stable", image.digest());
        Reference reference = new Reference(repository.base(), null, null);
        assertThat(accepting.entry(reference)).isEqualTo("index.idx");
        assertThat(accepting.open(reference, repository.objects()).block(0).stored())
                .hasValueSatisfying(s -> assertThat(s.path()).isEqualTo(block.hex()));
        assertThatThrownBy(() -> new IdxFormat().open(reference, repository.objects()))
                .isInstanceOf(FetchException.Unsupported.class)
                .hasMessageContaining("MD5")
                .hasMessageContaining("format-idx-md5");
    }
}
