package org.netloop.format.cloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.netloop.api.codec.Codec;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.FetchException;
import org.netloop.codec.zlib.ZlibCodec;
import org.netloop.tck.FileFormatContract;
import org.netloop.tck.MemoryFile;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;

class CloopFormatTest extends FileFormatContract {
    private static final Reference FILE = new Reference(URI.create("memory:/KNOPPIX"), null, null);

    private final CloopFormat format = new CloopFormat();

    @Override
    protected IndexFormat format() {
        return format;
    }

    @Override
    protected List<Sample> samples() {
        return List.of(
                CloopFile.headed("V2.0", Layout.Entry.OFFSET_64),
                CloopFile.headed("V4.0", Layout.Entry.OFFSET_64_FLAGS),
                CloopFile.footed(),
                CloopFile.headed("", Layout.Entry.OFFSET_32),
                CloopFile.headed("V1.0", Layout.Entry.OFFSET_64_LITTLE),
                CloopFile.headed("V1.0", Layout.Entry.OFFSET_LENGTH),
                CloopFile.lengths());
    }

    @Override
    protected Codec codec(String id) {
        ZlibCodec zlib = new ZlibCodec();
        assertThat(id).isEqualTo(zlib.id());
        return zlib;
    }

    @Test
    void aShellScriptIsNoImage() {
        byte[] script = new byte[4096];
        byte[] text = "#!/bin/sh\n# This script was made by Makeself\n".getBytes();
        System.arraycopy(text, 0, script, 0, text.length);
        assertThat(format.recognises(ByteBuffer.wrap(script).asReadOnlyBuffer())).isFalse();
    }

    @Test
    void aBlockStoredByLzoIsRefusedByName() {
        byte[] file = CloopFile.headed("V4.0", Layout.Entry.OFFSET_64_FLAGS).file();
        file[Header.LENGTH] = 0x40;
        assertThatThrownBy(() -> format.open(FILE, new MemoryFile(file)).block(0))
                .isInstanceOf(FetchException.Unsupported.class)
                .hasMessageContaining("lzo");
    }

    @Test
    void openingReadsTheHeaderAlone() throws Exception {
        MemoryFile file = new MemoryFile(samples().getFirst().file());
        format.open(FILE, file);
        assertThat(file.reads()).hasSize(1);
        assertThat(file.reads().getFirst().length()).isLessThan(200);
    }
}
