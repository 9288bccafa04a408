package org.netloop.format.idx;

import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.Verification;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.ImageSpec;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchException.Corrupt;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The root of an image, which names it. Big-endian:
 *
 * <pre>
 * file = magic:u32 version:u32 sequence:u64 root
 * root = size:u64 blockLength:u32 digest:text codec:text parent:text
 *        labels:u16 (name:text value:text)*labels parts:u32 (number:u32 digest)*parts
 * text = length:u16 UTF-8
 * </pre>
 *
 * @param size the image's length in bytes
 * @param spec what its publisher said of it
 * @param parts those parts of the index that are not holes throughout, ascending
 */
record Root(long size, ImageSpec spec, List<Reference> parts) {
    static final int MAX_LENGTH = 8 << 20;

    /** Largest image: as many parts of the shortest blocks as an int counts. */
    static final long MAX_SIZE = 1L << 54;

    private static final int MAGIC = 0x4E4C4958; // NLIX
    private static final int VERSION = 1;
    private static final int HEADER_LENGTH = 16;
    private static final int MAX_LABELS = 256;
    private static final int LONGEST_TEXT = 4096;
    private static final Pattern CODEC = Pattern.compile("[a-z0-9-]{1,16}");

    /**
     * A part of the index.
     *
     * @param number which
     * @param digest of its bytes
     */
    record Reference(int number, Digest digest) {}

    /**
     * A root as it lies in a file.
     *
     * @param root the root
     * @param image its digest, the image's name
     * @param sequence how often the channel was moved; 0 in a file that is no channel's
     */
    record File(Root root, Digest image, long sequence) {}

    /** Checks what one can write and others must be able to read. */
    Root {
        if (!CODEC.matcher(spec.codec()).matches() || spec.labels().size() > MAX_LABELS) {
            throw new IllegalArgumentException(
                    "codec '" + spec.codec() + "' or " + spec.labels().size() + " labels");
        }
        spec.labels().forEach(Root::checkLabel);
        parts = List.copyOf(parts);
    }

    private static void checkLabel(String name, String value) {
        if (name.length() > LONGEST_TEXT
                || value.length() > LONGEST_TEXT
                || !StandardCharsets.UTF_8.newEncoder().canEncode(name + value)) {
            throw new IllegalArgumentException(
                    "a label has more than " + LONGEST_TEXT + " characters, or none of Unicode");
        }
    }

    static boolean recognises(ByteBuffer head) {
        return head.remaining() >= HEADER_LENGTH && head.getInt(head.position()) == MAGIC;
    }

    static File parse(String name, ByteBuffer file) throws FetchException {
        ByteBuffer in = file.duplicate();
        try {
            if (in.getInt() != MAGIC) {
                throw new Corrupt(name + " is not an index: it does not start with NLIX");
            }
            int version = in.getInt();
            if (version != VERSION) {
                throw new FetchException.Unsupported(
                        name + " has version " + version + ", only " + VERSION + " can be read");
            }
            long sequence = in.getLong();
            if (sequence < 0) {
                throw new Corrupt(name + " has the sequence " + sequence);
            }
            Digest image = Digest.of(DigestAlgorithm.SHA256, in);
            return new File(read(name, in), image, sequence);
        } catch (BufferUnderflowException e) {
            throw new Corrupt(name + " ends too early, after " + file.remaining() + " bytes", e);
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw new Corrupt(name + " is malformed: " + e.getMessage(), e);
        }
    }

    private static Root read(String name, ByteBuffer in) throws Corrupt, CharacterCodingException {
        long size = in.getLong();
        if (size < 0 || size > MAX_SIZE) {
            throw new Corrupt(name + ": an image of " + size + " bytes");
        }
        int blockLength = in.getInt();
        DigestAlgorithm algorithm = DigestAlgorithm.byId(text(in));
        String codec = text(in);
        String parent = text(in);
        Digest parentOrNull = parent.isEmpty() ? null : Digest.parse(parent);
        Map<String, String> labels = new HashMap<>();
        for (int left = Short.toUnsignedInt(in.getShort()); left > 0; left--) {
            labels.put(text(in), text(in));
        }
        ImageSpec spec = new ImageSpec(blockLength, codec, algorithm, parentOrNull, labels);
        List<Reference> parts = parts(name, in, Part.blocks(size, blockLength), algorithm);
        if (in.hasRemaining()) {
            throw new Corrupt(name + ": " + in.remaining() + " bytes follow its end");
        }
        return new Root(size, spec, parts);
    }

    private static List<Reference> parts(
            String name, ByteBuffer in, long blocks, DigestAlgorithm algorithm) throws Corrupt {
        int count = in.getInt();
        if (count < 0 || count > in.remaining() / (Integer.BYTES + algorithm.length())) {
            throw new Corrupt(name + " names " + count + " parts and does not have them");
        }
        List<Reference> parts = new ArrayList<>(count);
        long least = 0;
        for (int i = 0; i < count; i++) {
            int number = in.getInt();
            if (number < least || number >= Math.ceilDiv(blocks, (long) Part.BLOCKS)) {
                throw new Corrupt(name + ": part " + number + " after part " + (least - 1));
            }
            parts.add(new Reference(number, Digest.read(algorithm, in)));
            least = number + 1L;
        }
        return parts;
    }

    private static String text(ByteBuffer in) throws CharacterCodingException {
        int length = Short.toUnsignedInt(in.getShort());
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        String text =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(in.slice(in.position(), length))
                        .toString();
        in.position(in.position() + length);
        return text;
    }

    private static void put(ByteBuffer out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.putShort((short) bytes.length).put(bytes);
    }

    private int room() {
        long labels =
                spec.labels().entrySet().stream()
                        .mapToLong(label -> 4 + 3L * (label.getKey() + label.getValue()).length())
                        .sum();
        long parts = (long) parts().size() * (Integer.BYTES + spec.digest().length());
        return Math.toIntExact(1024 + labels + parts);
    }

    /** The bytes of a file; its position is that of the root. */
    ByteBuffer write(long sequence) {
        ByteBuffer out = ByteBuffer.allocate(room());
        out.putInt(MAGIC).putInt(VERSION).putLong(sequence);
        out.putLong(size).putInt(spec.blockLength());
        put(out, spec.digest().id());
        put(out, spec.codec());
        put(out, spec.parentOrNull() == null ? "" : spec.parentOrNull().toString());
        out.putShort((short) spec.labels().size());
        new TreeMap<>(spec.labels())
                .forEach(
                        (key, value) -> {
                            put(out, key);
                            put(out, value);
                        });
        out.putInt(parts.size());
        for (Reference part : parts) {
            out.putInt(part.number());
            part.digest().write(out);
        }
        return out.flip();
    }

    /** The image's name: the digest of the root without the header, which each channel changes. */
    static Digest nameOf(ByteBuffer file) {
        return Digest.of(DigestAlgorithm.SHA256, file.duplicate().position(HEADER_LENGTH));
    }

    ImageInfo info(Digest image) {
        return new ImageInfo(
                image,
                IdxFormat.ID,
                size,
                spec.blockLength(),
                spec.codec(),
                spec.parentOrNull(),
                -1,
                spec.labels(),
                Verification.STORED);
    }
}
