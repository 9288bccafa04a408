package org.netloop.frontend.nbd;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** A client that says exactly what a test wants said. */
final class TestClient implements AutoCloseable {
    private static final long COOKIE = 0xFEDC_BA98_7654_3210L;

    private final Closeable connection;
    private DataInputStream in;
    private DataOutputStream out;

    /** The reply to an option. */
    record OptionReply(int type, ByteBuffer data) {}

    /** The reply to a request: simple, or one chunk. */
    record Reply(int error, int flags, int type, ByteBuffer data) {}

    TestClient(Path socket) throws IOException {
        this(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
    }

    private TestClient(SocketChannel channel) throws IOException {
        this(channel, Channels.newInputStream(channel), Channels.newOutputStream(channel));
    }

    TestClient(Socket socket) throws IOException {
        this(socket, socket.getInputStream(), socket.getOutputStream());
    }

    private TestClient(Closeable connection, InputStream input, OutputStream output)
            throws IOException {
        this.connection = connection;
        in = new DataInputStream(input);
        out = new DataOutputStream(output);
        if (in.readLong() != Nbd.MAGIC || in.readLong() != Nbd.OPTION_MAGIC) {
            throw new IOException("not an NBD server");
        }
        in.readShort();
        out.writeInt(Nbd.HANDSHAKE_FIXED_NEWSTYLE | Nbd.HANDSHAKE_NO_ZEROES);
    }

    /** Goes on inside TLS, by a socket over the one it has. */
    void goOn(Socket inside) throws IOException {
        in = new DataInputStream(inside.getInputStream());
        out = new DataOutputStream(inside.getOutputStream());
    }

    void option(int option, byte[] data) throws IOException {
        out.writeLong(Nbd.OPTION_MAGIC);
        out.writeInt(option);
        out.writeInt(data.length);
        out.write(data);
        out.flush();
    }

    OptionReply optionReply() throws IOException {
        if (in.readLong() != Nbd.OPTION_REPLY_MAGIC) {
            throw new IOException("an option reply without its magic");
        }
        in.readInt();
        int type = in.readInt();
        return new OptionReply(type, ByteBuffer.wrap(in.readNBytes(in.readInt())));
    }

    static byte[] nameAndInfos(String name) {
        byte[] bytes = name.getBytes(UTF_8);
        return ByteBuffer.allocate(6 + bytes.length).putInt(bytes.length).put(bytes).array();
    }

    /** Negotiates; the export's size. */
    long go(String name) throws IOException {
        option(Nbd.OPT_GO, nameAndInfos(name));
        long size = -1;
        for (OptionReply reply = optionReply();
                reply.type() != Nbd.REP_ACK;
                reply = optionReply()) {
            if (reply.type() < 0) {
                throw new IOException("refused: " + UTF_8.decode(reply.data()));
            }
            if (reply.data().getShort() == Nbd.INFO_EXPORT) {
                size = reply.data().getLong();
            }
        }
        return size;
    }

    void request(int flags, int type, long cookie, long offset, int length) throws IOException {
        out.writeInt(Nbd.REQUEST_MAGIC);
        out.writeShort(flags);
        out.writeShort(type);
        out.writeLong(cookie);
        out.writeLong(offset);
        out.writeInt(length);
        out.flush();
    }

    /** A request with extended headers. */
    void extended(int flags, int type, long offset, long length) throws IOException {
        out.writeInt(Nbd.EXTENDED_REQUEST_MAGIC);
        out.writeShort(flags);
        out.writeShort(type);
        out.writeLong(COOKIE);
        out.writeLong(offset);
        out.writeLong(length);
        out.flush();
    }

    /** A reply, or a part of one, with extended headers. */
    Reply extendedChunk(long offset) throws IOException {
        if (in.readInt() != Nbd.EXTENDED_REPLY_MAGIC) {
            throw new IOException("an extended reply without its magic");
        }
        int flags = in.readUnsignedShort();
        int type = in.readUnsignedShort();
        if (in.readLong() != COOKIE || in.readLong() != offset) {
            throw new IOException("a reply to another request");
        }
        int length = Math.toIntExact(in.readLong());
        return new Reply(0, flags, type, ByteBuffer.wrap(in.readNBytes(length)));
    }

    void write(byte[] raw) throws IOException {
        out.write(raw);
        out.flush();
    }

    /** A simple reply, with so many bytes behind it if it is no error. */
    Reply simpleReply(int length) throws IOException {
        if (in.readInt() != Nbd.SIMPLE_REPLY_MAGIC) {
            throw new IOException("a reply without its magic");
        }
        int error = in.readInt();
        in.readLong();
        return new Reply(error, 0, 0, ByteBuffer.wrap(in.readNBytes(error == 0 ? length : 0)));
    }

    Reply chunk() throws IOException {
        if (in.readInt() != Nbd.CHUNK_MAGIC) {
            throw new IOException("a chunk without its magic");
        }
        int flags = in.readUnsignedShort();
        int type = in.readUnsignedShort();
        in.readLong();
        return new Reply(0, flags, type, ByteBuffer.wrap(in.readNBytes(in.readInt())));
    }

    byte[] read(long offset, int length) throws IOException {
        request(0, Nbd.CMD_READ, 1, offset, length);
        Reply reply = simpleReply(length);
        if (reply.error() != 0 || reply.data().remaining() != length) {
            throw new IOException("error " + reply.error());
        }
        return reply.data().array();
    }

    /** Returns when the server has ended the connection; fails if it sends anything else. */
    void awaitEnd() throws IOException {
        if (in.read() >= 0) {
            throw new IOException("the server still talks");
        }
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
