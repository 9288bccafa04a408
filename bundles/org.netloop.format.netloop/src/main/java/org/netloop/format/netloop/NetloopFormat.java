package org.netloop.format.netloop;

import static java.nio.charset.StandardCharsets.US_ASCII;

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

/** Channel → manifest → segments → blocks. */
@Component(service = IndexFormat.class)
public final class NetloopFormat implements IndexFormat {
    static final String ID = "netloop";
    private static final byte[] HEAD = "{\"netloop\":\"".getBytes(US_ASCII);

    /** For Declarative Services and {@link java.util.ServiceLoader}. */
    public NetloopFormat() {}

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String entry(Reference reference) {
        return reference
                .digest()
                .map(Layout::image)
                .orElseGet(
                        () ->
                                Layout.channel(
                                        reference.channel().orElse(Reference.STANDARD_CHANNEL)));
    }

    @Override
    public boolean recognises(ByteBuffer head) {
        return head.remaining() >= HEAD.length
                && head.slice(head.position(), HEAD.length).equals(ByteBuffer.wrap(HEAD));
    }

    @Override
    public Index open(Reference reference, ObjectReader objects)
            throws FetchException, InterruptedException {
        Digest digest = reference.digestOrNull();
        if (digest != null) {
            return open(
                    digest,
                    verified(digest, objects.read(Layout.image(digest), Manifest.MAX_LENGTH)),
                    objects);
        }
        String path = entry(reference);
        ChannelDocument channel =
                ChannelDocument.parse(path, objects.read(path, ChannelDocument.MAX_LENGTH));
        StoredBlock manifest =
                StoredBlock.object(
                        channel.image(),
                        Layout.image(channel.image()),
                        channel.manifestLength(),
                        StoredBlock.PLAIN);
        return open(channel.image(), objects.read(manifest, channel.manifestLength()), objects);
    }

    private static ByteBuffer verified(Digest digest, ByteBuffer manifest)
            throws FetchException.Corrupt {
        if (!digest.matches(manifest)) {
            throw new FetchException.Corrupt(
                    Layout.image(digest) + " has other bytes than its name says");
        }
        return manifest;
    }

    private static Index open(Digest digest, ByteBuffer manifest, ObjectReader objects)
            throws FetchException.Corrupt {
        return new NetloopIndex(Manifest.parse(Layout.image(digest), manifest), digest, objects);
    }

    @Override
    public Catalog catalog(Repository repository) {
        return new NetloopCatalog(repository);
    }

    @Override
    public IndexWriter write(Repository repository, ImageSpec spec) {
        return new NetloopWriter(repository, spec);
    }

    /** Images are always named by this algorithm, whatever names their blocks. */
    static Digest nameOf(ByteBuffer manifest) {
        return Digest.of(DigestAlgorithm.SHA256, manifest);
    }
}
