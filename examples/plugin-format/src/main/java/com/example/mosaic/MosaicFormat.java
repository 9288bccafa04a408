package com.example.mosaic;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.Extent;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.block.Verification;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.Index;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.index.ObjectReader;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.FetchException;
import org.osgi.service.component.annotations.Component;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * An image in parts of 1 MiB, each an object named by its SHA-256, and a list of them. The engine
 * verifies the parts, caches them and asks other mirrors; the format only says where they are.
 *
 * <pre>
 * mosaic.txt = "mosaic 1" LF part*      part = sha256 in hex LF, of 1 MiB each
 * </pre>
 */
@Component(service = IndexFormat.class)
public final class MosaicFormat implements IndexFormat {
    private static final String LIST = "mosaic.txt";
    private static final String FIRST_LINE = "mosaic 1\n";
    private static final int LONGEST_LIST = 64 << 20;
    private static final int PART = 1 << 20;

    /** Created by Declarative Services and {@link java.util.ServiceLoader}. */
    public MosaicFormat() {}

    @Override
    public String id() {
        return "mosaic";
    }

    @Override
    public String entry(Reference reference) {
        return LIST;
    }

    @Override
    public boolean recognises(ByteBuffer head) {
        byte[] begin = new byte[Math.min(head.remaining(), FIRST_LINE.length())];
        head.get(begin);
        return new String(begin, US_ASCII).equals(FIRST_LINE);
    }

    @Override
    public Index open(Reference reference, ObjectReader objects)
            throws FetchException, InterruptedException {
        ByteBuffer list = objects.readRoot(LIST, LONGEST_LIST, _ -> ObjectReader.Age.NONE);
        Digest name = Digest.of(DigestAlgorithm.SHA256, list.duplicate());
        if (reference.digest().filter(asked -> !asked.equals(name)).isPresent()) {
            throw new FetchException.Missing(reference.repository() + " is now the image " + name);
        }
        try {
            List<Digest> parts =
                    US_ASCII.decode(list)
                            .toString()
                            .lines()
                            .skip(1)
                            .map(line -> Digest.ofHex(DigestAlgorithm.SHA256, line))
                            .toList();
            return new Parts(
                    new ImageInfo(
                            name,
                            "mosaic",
                            (long) parts.size() * PART,
                            PART,
                            StoredBlock.PLAIN,
                            null,
                            -1,
                            Map.of(),
                            Verification.STORED),
                    parts);
        } catch (IllegalArgumentException e) {
            throw new FetchException.Corrupt(
                    LIST + " of " + reference.repository() + ": " + e.getMessage(), e);
        }
    }

    private record Parts(ImageInfo image, List<Digest> parts) implements Index {
        @Override
        public Block block(long offset) {
            Objects.checkIndex(offset, image.size());
            Digest part = parts.get((int) (offset / PART));
            return new Block(
                    offset / PART * PART,
                    PART,
                    StoredBlock.object(part, "parts/" + part.hex(), PART, StoredBlock.PLAIN));
        }

        @Override
        public Block blockIfLoaded(long offset) {
            return block(offset);
        }

        @Override
        public Extent extent(long offset) {
            Objects.checkIndex(offset, image.size());
            return new Extent(offset, image.size() - offset, false);
        }
    }
}
