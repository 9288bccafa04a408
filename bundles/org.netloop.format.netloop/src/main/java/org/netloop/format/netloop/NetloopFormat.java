package org.netloop.format.netloop;

import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.index.Catalog;
import org.netloop.api.index.ImageSpec;
import org.netloop.api.index.Index;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.index.IndexWriter;
import org.netloop.api.index.ObjectReader;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Repository;
import org.osgi.service.component.annotations.Component;

import java.nio.ByteBuffer;
import java.time.InstantSource;

/**
 * Channel → manifest → segments → blocks. Ranked so that it is looked for first: each format before
 * it costs whoever opens an image a request for an object that is not there.
 */
@Component(service = IndexFormat.class, property = "service.ranking:Integer=100")
public final class NetloopFormat implements IndexFormat {
    static final String ID = "netloop";

    /** Created by Declarative Services and {@link java.util.ServiceLoader}. */
    public NetloopFormat() {}

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String entry(Reference reference) {
        Digest digest = reference.digestOrNull();
        return digest != null
                ? Layout.image(digest)
                : Layout.channel(reference.channel().orElse(Reference.STANDARD_CHANNEL));
    }

    @Override
    public boolean recognises(ByteBuffer head) {
        return Documents.recognises(head);
    }

    @Override
    public Index open(Reference reference, ObjectReader objects)
            throws FetchException, InterruptedException {
        Digest digest = reference.digestOrNull();
        return digest != null ? openImage(digest, objects) : openChannel(entry(reference), objects);
    }

    private static Index openImage(Digest digest, ObjectReader objects)
            throws FetchException, InterruptedException {
        String path = Layout.image(digest);
        if (digest.algorithm() != DigestAlgorithm.SHA256) {
            throw new FetchException.Missing(
                    "there is no image " + digest + ": images are named by SHA-256");
        }
        ByteBuffer bytes = objects.read(path, Manifest.MAX_LENGTH);
        return new NetloopIndex(parse(path, digest, bytes), digest, objects);
    }

    private static Index openChannel(String path, ObjectReader objects)
            throws FetchException, InterruptedException {
        ChannelDocument channel =
                ChannelDocument.parse(
                        path,
                        objects.readRoot(
                                path,
                                ChannelDocument.MAX_LENGTH,
                                root -> ChannelDocument.parse(path, root).sequence()));
        Digest digest = channel.image();
        String manifest = Layout.image(digest);
        ByteBuffer bytes =
                objects.read(
                        StoredBlock.object(digest, manifest, channel.length(), StoredBlock.PLAIN),
                        channel.length());
        return new NetloopIndex(Manifest.parse(manifest, bytes), digest, objects);
    }

    /** The manifest, if the bytes are those it is named by. */
    static Manifest parse(String path, Digest digest, ByteBuffer bytes) throws FetchException {
        if (!digest.matches(bytes)) {
            throw new FetchException.Corrupt(
                    path + " has " + bytes.remaining() + " bytes that are not those of its name");
        }
        return Manifest.parse(path, bytes);
    }

    @Override
    public Catalog catalog(Repository repository) {
        return new NetloopCatalog(repository, InstantSource.system());
    }

    @Override
    public IndexWriter write(Repository repository, ImageSpec spec)
            throws FetchException.Unsupported {
        if (!spec.digest().resistsCollisions()) {
            throw new FetchException.Unsupported(
                    "format '"
                            + ID
                            + "' names no blocks by "
                            + spec.digest().id()
                            + ", whose collisions are practical: use sha256");
        }
        return new NetloopWriter(repository, spec);
    }

    /** Images are always named by this algorithm, whatever names their blocks. */
    static Digest nameOf(ByteBuffer manifest) {
        return Digest.of(DigestAlgorithm.SHA256, manifest);
    }
}
