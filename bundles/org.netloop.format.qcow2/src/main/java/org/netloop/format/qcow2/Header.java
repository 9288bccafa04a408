package org.netloop.format.qcow2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.netloop.api.index.ObjectReader;
import org.netloop.api.index.ObjectVersion;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchException.Corrupt;
import org.netloop.api.transport.FetchException.Unsupported;

import java.nio.ByteBuffer;

/**
 * Header of a qcow2 file; big-endian (QEMU, docs/interop/qcow2.txt). What we cannot read is refused
 * by its name.
 *
 * @param version 2 or 3
 * @param clusterBits the binary logarithm of a cluster's length
 * @param size how many bytes the image has
 * @param l1Position where the table of tables begins
 * @param zstd whether compressed clusters are zstd frames; else they are raw deflate streams
 */
record Header(int version, int clusterBits, long size, long l1Position, boolean zstd) {
    private static final int MAGIC = 0x514649FB; // QFI and 0xFB
    private static final int V2_LENGTH = 72;
    private static final int V3_LENGTH = 104;
    private static final int COMPRESSION_TYPE_AT = 104;
    private static final int READ = 112;
    private static final int MIN_CLUSTER_BITS = 9;
    private static final int MAX_CLUSTER_BITS = 21;

    /** Most entries of the first table, as in QEMU: 32 MiB. */
    private static final long MOST_L1 = 4 << 20;

    private static final int LONGEST_NAME = 1023;
    private static final String[] INCOMPATIBLE = {
        null, // dirty: reference counts may be wrong, and are not read
        "corrupt bit (a program found the image damaged; run qemu-img check -r all)",
        "external data file",
        null, // compression type: read below
        "extended L2 entries (subclusters)",
    };

    static boolean isOne(ByteBuffer head) {
        return head.remaining() >= V2_LENGTH && head.getInt(head.position()) == MAGIC;
    }

    static Header read(String name, ObjectVersion file, ObjectReader objects)
            throws FetchException, InterruptedException {
        ByteBuffer in = objects.read(file.path(), 0, READ);
        if (!isOne(in)) {
            throw new Corrupt(name + " does not start like a qcow2 image");
        }
        int version = in.getInt(4);
        if (version != 2 && version != 3) {
            throw new Unsupported(
                    name + " is of version " + version + " of qcow2; versions 2 and 3 are read");
        }
        if (version == 3 && in.remaining() < V3_LENGTH) {
            throw new Corrupt(name + " ends within its header");
        }
        refuse(name, file, objects, in, version);
        Header header =
                new Header(
                        version, in.getInt(20), in.getLong(24), in.getLong(40), isZstd(name, in));
        header.check(name, file, Integer.toUnsignedLong(in.getInt(36)));
        return header;
    }

    private static void refuse(
            String name, ObjectVersion file, ObjectReader objects, ByteBuffer in, int version)
            throws FetchException, InterruptedException {
        if (in.getLong(8) != 0) {
            throw new Unsupported(
                    name
                            + " needs its backing file '"
                            + backing(file, objects, in.getLong(8), in.getInt(16))
                            + "', which is not followed; make one image of both with: qemu-img"
                            + " convert -O qcow2");
        }
        int encryption = in.getInt(32);
        if (encryption != 0) {
            throw new Unsupported(
                    name
                            + " is encrypted ("
                            + (encryption == 1 ? "AES" : encryption == 2 ? "LUKS" : encryption)
                            + "), which is not read");
        }
        long incompatible = version == 3 ? in.getLong(72) : 0;
        for (int bit = 0; bit < Long.SIZE; bit++) {
            boolean known = bit < INCOMPATIBLE.length;
            if ((incompatible >>> bit & 1) != 0 && !(known && INCOMPATIBLE[bit] == null)) {
                throw new Unsupported(
                        name
                                + " has the incompatible feature "
                                + (known ? INCOMPATIBLE[bit] : "of bit " + bit)
                                + ", which is not read");
            }
        }
    }

    private static String backing(
            ObjectVersion file, ObjectReader objects, long position, int length)
            throws FetchException, InterruptedException {
        if (position < 0 || length < 1 || length > LONGEST_NAME) {
            return "?";
        }
        ByteBuffer bytes = objects.read(file.path(), position, length);
        byte[] name = new byte[bytes.remaining()];
        bytes.get(name);
        return new String(name, ISO_8859_1).replaceAll("[^ -~]", "?");
    }

    private static boolean isZstd(String name, ByteBuffer in) throws Unsupported {
        boolean told = in.getInt(4) == 3 && (in.getLong(72) & 8) != 0;
        int type = told && in.remaining() > COMPRESSION_TYPE_AT ? in.get(COMPRESSION_TYPE_AT) : 0;
        if (type != 0 && type != 1) {
            throw new Unsupported(
                    name + " has clusters compressed in way " + type + "; zlib and zstd are read");
        }
        return type == 1;
    }

    private void check(String name, ObjectVersion file, long l1Entries) throws Corrupt {
        if (clusterBits < MIN_CLUSTER_BITS || clusterBits > MAX_CLUSTER_BITS) {
            throw new Corrupt(name + " has clusters of 2^" + clusterBits + " bytes");
        }
        if (size < 0
                || l1Entries > MOST_L1
                || l1Needed() > l1Entries
                || l1Position < 0
                || l1Position > file.length() - l1Needed() * Long.BYTES) {
            throw new Corrupt(
                    name
                            + ": an image of "
                            + Long.toUnsignedString(size)
                            + " bytes has "
                            + l1Entries
                            + " tables, listed at "
                            + Long.toUnsignedString(l1Position)
                            + " of the file's "
                            + file.length()
                            + " bytes; "
                            + l1Needed()
                            + " are needed");
        }
    }

    int clusterLength() {
        return 1 << clusterBits;
    }

    /** Returns the binary logarithm of the number of clusters that a table maps. */
    int tableBits() {
        return clusterBits - 3;
    }

    private long l1Needed() {
        return size == 0 ? 0 : (size - 1 >>> clusterBits + tableBits()) + 1;
    }

    /** Reads the list of the tables' locations. */
    long[] readL1(String name, ObjectVersion file, ObjectReader objects)
            throws FetchException, InterruptedException {
        long[] tables = new long[(int) l1Needed()];
        if (tables.length > 0) {
            ByteBuffer in = objects.read(file.path(), l1Position, tables.length * Long.BYTES);
            if (in.remaining() != tables.length * Long.BYTES) {
                throw new Corrupt(name + " ends within its list of tables");
            }
            in.asLongBuffer().get(tables);
        }
        return tables;
    }
}
