package org.netloop.frontend.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.Extent;
import org.netloop.api.volume.Volume;

import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Set;

/** Tests what a writable export refuses, clause by clause of doc/proto.md. */
class CommandsTest {
    private static final long SIZE = 1 << 20;

    private static final Volume WRITABLE =
            new Volume() {
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
                public boolean isWritable() {
                    return true;
                }

                @Override
                public void read(long offset, ByteBuffer into) {}

                @Override
                public boolean readIfPresent(long offset, ByteBuffer into) {
                    return true;
                }

                @Override
                public Extent extent(long offset, long length) {
                    return new Extent(offset, length, false);
                }
            };

    private static Commands.@Nullable Refusal refusal(
            int type, int flags, long offset, long length) {
        Export export = new Export("disk", WRITABLE, 0);
        Set<MetaContext> contexts = EnumSet.allOf(MetaContext.class);
        assertThat(export.flags(Framing.STRUCTURED, true) & Nbd.FLAG_SEND_FUA).isNotZero();
        Request request = new Request();
        request.type = type;
        request.flags = flags;
        request.offset = offset;
        request.length = length;
        return Commands.refusal(
                request, new Handshake.Session(export, Framing.STRUCTURED, contexts), contexts);
    }

    /**
     * "This flag is valid for all commands, provided NBD_FLAG_SEND_FUA has been negotiated, in
     * which case the server MUST accept all commands with this bit set (even by ignoring the bit)."
     */
    @ParameterizedTest
    @ValueSource(
            ints = {Nbd.CMD_READ, Nbd.CMD_FLUSH, Nbd.CMD_CACHE, Nbd.CMD_BLOCK_STATUS, Nbd.CMD_TRIM})
    void everyCommandMayHaveTheFlagFua(int command) {
        long length = command == Nbd.CMD_FLUSH ? 0 : 4096;
        assertThat(refusal(command, Nbd.CMD_FLAG_FUA, 0, length)).isNull();
    }

    /** "It SHOULD return NBD_EINVAL if it receives a read or trim request" beyond the end. */
    @Test
    void aTrimBeyondTheEndIsInvalid() {
        assertThat(refusal(Nbd.CMD_TRIM, 0, SIZE, 4096))
                .isNotNull()
                .extracting(Commands.Refusal::error)
                .isEqualTo(Nbd.EINVAL);
    }
}
