package org.netloop.overlay;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The place an overlay lies in: a flat directory of files. Nothing survives a power cut but what
 * was forced: the bytes of a file by {@link File#force}, its name by {@link #sync}. Thread-safe.
 */
interface Storage extends Closeable {

    /** Names the place in messages. */
    String place();

    /** Makes a file, and opens it. */
    File create(String name) throws IOException;

    /** Opens a file that is there. */
    File open(String name) throws IOException;

    /** The names of all files, in no order. */
    List<String> names() throws IOException;

    /** Deletes a file if it is there; it can still be read by whoever has it open. */
    void delete(String name) throws IOException;

    /** Returns when what was created and deleted survives a power cut. */
    void sync() throws IOException;

    /** The whole of a small file. */
    byte[] read(String name) throws IOException;

    /** Puts a small file in its place, durable at once, or leaves all as it was. */
    void replace(String name, byte[] bytes) throws IOException;

    @Override
    void close() throws IOException;

    /** An open file. Thread-safe. */
    interface File extends Closeable {

        /** Fills {@code into}; throws an {@link java.io.EOFException} if the file ends before. */
        void read(ByteBuffer into, long position) throws IOException;

        /**
         * Writes all remaining bytes.
         *
         * @throws StorageFullException if there is no room for all of them
         */
        void write(ByteBuffer from, long position) throws IOException;

        /** Returns when all that was written survives a power cut. */
        void force() throws IOException;

        /** Cuts the file off at a length, if it is longer. */
        void truncate(long length) throws IOException;

        /** Returns the length in bytes. */
        long size() throws IOException;

        @Override
        void close() throws IOException;
    }
}
