package org.netloop.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Just enough of an NBD client to read an export where the machine has no other (NBD protocol:
 * fixed newstyle, NBD_OPT_EXPORT_NAME, simple replies).
 */
final class NbdClient {
    private static final long OPTION_MAGIC = 0x49484156454F5054L;
    private static final int EXPORT_NAME = 1;
    private static final int FIXED_NEWSTYLE_NO_ZEROES = 3;
    private static final int REQUEST_MAGIC = 0x25609513;
    private static final int REPLY_MAGIC = 0x67446698;
    private static final short READ = 0;
    private static final short DISCONNECT = 2;
    private static final int CHUNK = 1 << 20;

    private NbdClient() {}

    /** Copies the default export of a server on a unix socket to a file, which is returned. */
    static Path download(Path socket, Path target) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
                DataInputStream in = new DataInputStream(Channels.newInputStream(channel));
                DataOutputStream out = new DataOutputStream(Channels.newOutputStream(channel));
                OutputStream file = Files.newOutputStream(target)) {
            long size = greet(in, out);
            for (long at = 0; at < size; at += CHUNK) {
                file.write(read(in, out, at, (int) Math.min(CHUNK, size - at)));
            }
            request(out, DISCONNECT, 0, 0);
        }
        return target;
    }

    private static long greet(DataInputStream in, DataOutputStream out) throws IOException {
        String magic = new String(in.readNBytes(16), US_ASCII);
        if (!magic.equals("NBDMAGICIHAVEOPT")) {
            throw new IOException("the server greets with '" + magic + "': not fixed newstyle NBD");
        }
        in.readShort();
        out.writeInt(FIXED_NEWSTYLE_NO_ZEROES);
        out.writeLong(OPTION_MAGIC);
        out.writeInt(EXPORT_NAME);
        out.writeInt(0);
        out.flush();
        long size = in.readLong();
        in.readShort();
        return size;
    }

    private static byte[] read(DataInputStream in, DataOutputStream out, long offset, int length)
            throws IOException {
        request(out, READ, offset, length);
        int magic = in.readInt();
        int error = in.readInt();
        in.readLong();
        if (magic != REPLY_MAGIC || error != 0) {
            throw new IOException(
                    "the server failed to read "
                            + length
                            + " bytes at "
                            + offset
                            + ": error "
                            + error);
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }

    private static void request(DataOutputStream out, short type, long offset, int length)
            throws IOException {
        out.writeInt(REQUEST_MAGIC);
        out.writeShort(0);
        out.writeShort(type);
        out.writeLong(offset);
        out.writeLong(offset);
        out.writeInt(length);
        out.flush();
    }
}
