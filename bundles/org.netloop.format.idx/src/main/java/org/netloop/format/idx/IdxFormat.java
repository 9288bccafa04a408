package org.netloop.format.idx;

import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.index.Catalog;
import org.netloop.api.index.ImageSpec;
import org.netloop.api.index.Index;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.index.IndexWriter;
import org.netloop.api.index.ObjectReader;
import org.netloop.api.index.Reference;
import org.netloop.api.index.WritingDefaults;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Repository;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

import java.nio.ByteBuffer;

/** {@code index.idx} → parts → block files, all in one directory. */
@Component(service = IndexFormat.class, configurationPid = "org.netloop.format.idx")
@Designate(ocd = IdxFormat.Config.class)
public final class IdxFormat implements IndexFormat {
    static final String ID = "idx";

    /** The settings. */
    @ObjectClassDefinition(
            name = "Index format idx",
            description = "The layout of the HTTP-FUSE CLOOP paper")
    public @interface Config {

        /** Setting that accepts blocks named by MD5. */
        @AttributeDefinition(
                name = "Accept MD5",
                description =
                        "Read and write blocks named by MD5, as in the paper. MD5 detects"
                                + " damage, but not attacks: two contents with the same MD5 can be made"
                                + " in seconds, so the author of an image can give different readers"
                                + " different blocks under one name, and no check notices. Use it only"
                                + " for images from people you trust, over connections you trust")
        boolean accept_md5() default false;
    }

    private final boolean md5;

    /** Created by {@link java.util.ServiceLoader}; refuses MD5. */
    public IdxFormat() {
        this(false);
    }

    /** Created by Declarative Services. */
    @Activate
    public IdxFormat(Config config) {
        this(config.accept_md5());
    }

    IdxFormat(boolean md5) {
        this.md5 = md5;
    }

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
        return Root.recognises(head);
    }

    @Override
    public Index open(Reference reference, ObjectReader objects)
            throws FetchException, InterruptedException {
        String path = entry(reference);
        Digest wanted = reference.digestOrNull();
        if (wanted != null && wanted.algorithm() != DigestAlgorithm.SHA256) {
            throw new FetchException.Missing(
                    "there is no image " + wanted + ": images are named by SHA-256");
        }
        Root.File file =
                Root.parse(
                        path,
                        wanted != null
                                ? objects.read(path, Root.MAX_LENGTH)
                                : objects.readRoot(
                                        path,
                                        Root.MAX_LENGTH,
                                        root -> Root.parse(path, root).sequence()));
        if (wanted != null && !wanted.equals(file.image())) {
            throw new FetchException.Corrupt(path + " holds image " + file.image());
        }
        check(path, file.root().spec().digest());
        return new IdxIndex(file.root(), file.image(), objects);
    }

    private void check(String what, DigestAlgorithm algorithm) throws FetchException.Unsupported {
        if (!algorithm.resistsCollisions() && algorithm != DigestAlgorithm.MD5) {
            throw new FetchException.Unsupported(
                    what
                            + " has blocks named by "
                            + algorithm.id()
                            + ", which gives no protection and is not this format's: pack the image"
                            + " again");
        }
        if (algorithm == DigestAlgorithm.MD5 && !md5) {
            throw new FetchException.Unsupported(
                    what
                            + " has blocks named by MD5, which does not protect against their"
                            + " author; if you trust the author, set accept.md5 of org.netloop.format.idx"
                            + " (the feature format-idx-md5 does)");
        }
    }

    @Override
    public Catalog catalog(Repository repository) {
        return new IdxCatalog(repository);
    }

    /** The paper's own, as far as they are allowed. */
    @Override
    public WritingDefaults defaults() {
        return new WritingDefaults(
                ImageSpec.STANDARD_BLOCK_LENGTH,
                "zlib",
                md5 ? DigestAlgorithm.MD5 : DigestAlgorithm.SHA256,
                true);
    }

    @Override
    public IndexWriter write(Repository repository, ImageSpec spec)
            throws FetchException.Unsupported {
        check("the image to be written", spec.digest());
        return new IdxWriter(repository, spec);
    }
}
