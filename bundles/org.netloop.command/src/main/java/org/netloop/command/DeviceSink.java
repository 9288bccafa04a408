package org.netloop.command;

import org.netloop.api.file.WriteFailures;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A block device, which is written into from its first byte on and claimed meanwhile: it is refused
 * where it is mounted, part of another device, or being written to by another extraction. Its old
 * bytes are there where the image has holes, so these are written as zeros; what lies behind the
 * image stays.
 */
record DeviceSink(Path path, FileChannel channel, DeviceClaim claim) implements ImageSink {

    static DeviceSink open(Path name, long size) throws IOException {
        DeviceClaim claim = DeviceClaim.of(name);
        try {
            FileChannel channel = FileChannel.open(claim.path(), StandardOpenOption.WRITE);
            try {
                requireRoom(name, channel.size(), size);
                return new DeviceSink(name, channel, claim);
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            claim.close();
            throw e;
        }
    }

    private static void requireRoom(Path name, long room, long size) throws IOException {
        if (size > room) {
            throw new IOException(
                    "the image has "
                            + size
                            + " bytes and does not fit on "
                            + name
                            + ", which has "
                            + room
                            + "; nothing was written");
        }
    }

    @Override
    public void write(ByteBuffer bytes, long offset) throws IOException {
        try {
            long at = offset;
            while (bytes.hasRemaining()) {
                at += channel.write(bytes, at);
            }
        } catch (IOException e) {
            throw WriteFailures.of(path, e);
        }
    }

    @Override
    public void zero(long offset, long length) throws IOException {
        Zeros.write(this, offset, length);
    }

    @Override
    public void finish() throws IOException {
        try {
            channel.force(true);
        } catch (IOException e) {
            throw WriteFailures.of(path, e);
        }
    }

    @Override
    public void close() throws IOException {
        try (claim) {
            channel.close();
        }
    }
}
