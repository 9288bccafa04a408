package org.netloop.publish;

import org.jspecify.annotations.Nullable;
import org.netloop.api.codec.Codec;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.index.KnownContainer;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.FetchException;
import org.netloop.api.trust.TrustSpec;
import org.netloop.api.volume.Volumes;
import org.netloop.api.volume.Volumes.VolumeSpec;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Opens what is to be published: looks at its first bytes, and finds who reads it. A raw image is
 * what nobody else takes.
 */
final class Sources {
    private static final int HEAD_LENGTH = IndexFormat.HEAD_LENGTH;
    private static final int BUFFER_LENGTH = 64 << 10;

    /** Longest time a read of a local image file may take. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Stands for what has no place of its own. */
    private static final String NOWHERE = "file:///stream";

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private static final String AS_IS = "; if its bytes are the image as they are, say so (--raw)";

    private final Backends backends;
    private final @Nullable Volumes volumes;
    private final int portionLength;
    private final boolean asIs;

    /**
     * @param volumes opens image files of other programs; null if nobody can
     * @param portionLength how many bytes of a stream are read at a time
     * @param asIs to look into nothing
     */
    Sources(Backends backends, @Nullable Volumes volumes, int portionLength, boolean asIs) {
        this.backends = backends;
        this.volumes = volumes;
        this.portionLength = portionLength;
        this.asIs = asIs;
    }

    /** Opens a regular file or a block device. */
    ImageSource open(Path image) throws IOException, InterruptedException {
        if (asIs) {
            return FileSource.open(image);
        }
        ByteBuffer head;
        ByteBuffer tail;
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "r")) {
            head = read(file, 0);
            tail = read(file, Math.max(0, file.length() - HEAD_LENGTH));
        }
        Optional<IndexFormat> format = format(image.toUri().toString(), head, tail);
        if (format.isPresent()) {
            return openVolume(image, format.get());
        }
        Optional<Codec> codec = codec(head);
        if (codec.isPresent()) {
            return StreamSource.open(
                    () -> plain(Files.newInputStream(image), image.toString()), portionLength);
        }
        refuseKnown(head, tail, image.toString());
        return FileSource.open(image);
    }

    /** Begins to read a stream, which stays its owner's to close. */
    ImageSource open(InputStream image) {
        InputStream unclosed = new Unclosed(image);
        return StreamSource.open(
                () -> asIs ? unclosed : plain(unclosed, "the stream"), portionLength);
    }

    private static ByteBuffer read(RandomAccessFile file, long position) throws IOException {
        byte[] bytes = new byte[HEAD_LENGTH];
        file.seek(position);
        int length = 0;
        for (int count = 0; count >= 0 && length < bytes.length; length += Math.max(0, count)) {
            count = file.read(bytes, length, bytes.length - length);
        }
        return ByteBuffer.wrap(bytes, 0, length).asReadOnlyBuffer();
    }

    /** The stream of a raw image, out of what it may be compressed in. */
    private InputStream plain(InputStream image, String name) throws IOException {
        InputStream stream = new BufferedInputStream(image, BUFFER_LENGTH);
        try {
            ByteBuffer head = peek(stream);
            Optional<IndexFormat> format = format(NOWHERE, head, head);
            if (format.isPresent()) {
                throw new FetchException.Unsupported(
                        name
                                + " is an image of format '"
                                + format.get().id()
                                + "', which is read from a file, not from a stream"
                                + AS_IS);
            }
            Optional<Codec> codec = codec(head);
            Optional<InputStream> plain =
                    codec.isPresent() ? openFile(codec.get(), stream, name) : Optional.empty();
            if (plain.isPresent()) {
                return decoded(plain.get(), codec.orElseThrow(), name);
            }
            refuseKnown(head, NOTHING, name);
            return stream;
        } catch (IOException | RuntimeException e) {
            stream.close();
            throw e;
        }
    }

    private static ByteBuffer peek(InputStream stream) throws IOException {
        stream.mark(HEAD_LENGTH);
        byte[] head = stream.readNBytes(HEAD_LENGTH);
        stream.reset();
        return ByteBuffer.wrap(head).asReadOnlyBuffer();
    }

    /** The format that reads such a file in place; none for a plain image. */
    private Optional<IndexFormat> format(String uri, ByteBuffer head, ByteBuffer tail) {
        Reference reference = Reference.parse(uri);
        List<IndexFormat> files =
                backends.formats().stream()
                        .filter(one -> one.entry(reference).isEmpty() && !one.isLastResort())
                        .toList();
        Optional<IndexFormat> byHead =
                files.stream().filter(one -> one.recognises(head.duplicate())).findFirst();
        return byHead.isPresent()
                ? byHead
                : files.stream().filter(one -> one.recognisesTail(tail.duplicate())).findFirst();
    }

    private Optional<Codec> codec(ByteBuffer head) {
        return backends.codecs().stream()
                .filter(one -> one.recognises(head.duplicate()))
                .findFirst();
    }

    private ImageSource openVolume(Path image, IndexFormat format)
            throws IOException, InterruptedException {
        if (volumes == null) {
            throw new FetchException.Unsupported(
                    image
                            + " is of format '"
                            + format.id()
                            + "', and nothing is installed that opens it: install the feature"
                            + " core");
        }
        Reference reference = new Reference(image.toAbsolutePath().toUri(), null, null);
        return new VolumeSource(
                volumes.open(
                        new VolumeSpec("image", reference, List.of(), PATIENCE)
                                .withTrust(TrustSpec.NONE)));
    }

    /** Opens a file with a codec; reports anything that a library throws as a fault of the file. */
    private static Optional<InputStream> openFile(Codec codec, InputStream stream, String name)
            throws IOException {
        try {
            return codec.openFile(stream);
        } catch (IOException | RuntimeException e) {
            throw unreadable(codec, name, e);
        }
    }

    private static IOException unreadable(Codec codec, String name, Exception why) {
        return new IOException(
                name + " is not a readable file of " + codec.id() + ": " + why.getMessage(), why);
    }

    private InputStream decoded(InputStream plain, Codec codec, String name) throws IOException {
        InputStream stream = new BufferedInputStream(plain, BUFFER_LENGTH);
        ByteBuffer head;
        try {
            head = peek(stream);
        } catch (IOException | RuntimeException e) {
            throw unreadable(codec, name, e);
        }
        checkInside(head, codec, name);
        return stream;
    }

    /** Checks that the decoded content is the image itself. */
    private void checkInside(ByteBuffer head, Codec codec, String name)
            throws FetchException.Unsupported {
        String inside =
                format(NOWHERE, head, head)
                        .map(IndexFormat::id)
                        .or(() -> codec(head).map(Codec::id))
                        .map(id -> "a file of " + id)
                        .or(() -> KnownContainer.of(head, NOTHING).map(KnownContainer::meaning))
                        .orElse("");
        if (!inside.isEmpty()) {
            throw new FetchException.Unsupported(
                    name
                            + " has "
                            + inside
                            + " inside, not a raw image: undo "
                            + codec.id()
                            + " first");
        }
    }

    /**
     * Refuses content of a known type found inside a stream, whose end is not known when it begins.
     */
    private static void refuseKnown(ByteBuffer head, ByteBuffer tail, String name)
            throws FetchException.Unsupported {
        Optional<KnownContainer> known = KnownContainer.of(head, tail);
        if (known.isPresent()) {
            throw new FetchException.Unsupported(known.get().refusal(name, true));
        }
    }

    /** A stream that its owner closes, whoever else thinks so. */
    private static final class Unclosed extends FilterInputStream {
        Unclosed(InputStream stream) {
            super(stream);
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            return in.read(into, offset, length);
        }

        @Override
        public void close() {
            // not ours
        }
    }
}
