package org.netloop.profile;

import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.block.Verification;
import org.netloop.api.index.Index;
import org.netloop.api.profile.Pack;
import org.netloop.api.profile.Profile;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Repository;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Puts the stored blocks of a profile one after the other into one object. */
final class Packing {
    /** A pack is put as a whole, and so is held in memory once. */
    private static final long LONGEST = 1L << 30;

    private Packing() {}

    /** The profile, with a pack that is durable in the repository. */
    static Profile pack(Profile profile, Index index, Repository repository)
            throws IOException, InterruptedException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        List<Pack.Piece> pieces = new ArrayList<>();
        Set<Digest> known = new HashSet<>();
        for (Profile.Entry entry : profile.entries()) {
            long end = Math.min(entry.end(), index.image().size());
            for (long at = entry.offset(); at < end; ) {
                Block block = index.block(at);
                at = block.end();
                StoredBlock stored = block.storedOrNull();
                if (stored != null && known.add(stored.key())) {
                    pieces.add(new Pack.Piece(stored.key(), stored.length()));
                    add(stored, repository, bytes);
                }
            }
        }
        ByteBuffer content = ByteBuffer.wrap(bytes.toByteArray());
        Digest digest = Digest.of(DigestAlgorithm.SHA256, content);
        String path = "packs/" + digest.hex().substring(0, 2) + "/" + digest.hex();
        // Its name alone proves nothing: a power cut may have left it without its bytes.
        repository.putOnce(path, content, Repository.Kind.BLOCK);
        repository.sync();
        return new Profile(
                profile.image(), profile.name(), profile.entries(), new Pack(path, pieces));
    }

    private static void add(StoredBlock stored, Repository repository, ByteArrayOutputStream bytes)
            throws IOException {
        if (!stored.whole() || stored.verification() != Verification.STORED) {
            throw new FetchException.Unsupported(
                    "block "
                            + stored.key().brief()
                            + " is not an object named by its digest: images of this format cannot be"
                            + " packed");
        }
        ByteBuffer read = repository.read(stored.path(), stored.length());
        if (read.remaining() != stored.length() || !stored.key().matches(read)) {
            throw new FetchException.Corrupt(
                    stored.path() + " in " + repository.base() + " is damaged; verify the image");
        }
        if (bytes.size() + (long) stored.length() > LONGEST) {
            throw new IOException(
                    "the blocks of the profile have more than the "
                            + LONGEST
                            + " bytes of a pack: publish it without");
        }
        byte[] copy = new byte[read.remaining()];
        read.get(copy);
        bytes.writeBytes(copy);
    }
}
