package org.netloop.api.index;

import org.netloop.api.block.Digest;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Repository;
import org.osgi.annotation.versioning.ConsumerType;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The images of a repository, and the channels that point to them. */
@ConsumerType
public interface Catalog {

    /**
     * All images, in the order of their digests. A damaged one is left out of the list, logged, and
     * listed by {@link #damaged}.
     */
    List<ImageInfo> images() throws IOException;

    /** All channels, in the order of their names. A damaged one is treated as a damaged image. */
    List<Channel> channels() throws IOException;

    /**
     * The paths of the images and channels that {@link #images} and {@link #channels} leave out,
     * because they cannot be read. While there is one, nobody can say which objects are needed.
     */
    List<String> damaged() throws IOException;

    /**
     * One channel, without listing the repository.
     *
     * @param name of the form that {@link Reference} demands
     * @return empty if there is no such channel
     * @throws FetchException.Corrupt if it cannot be read
     */
    Optional<Channel> channel(String name) throws IOException;

    /**
     * The path of a channel, whether it exists or not: what a mirror copies last.
     *
     * @throws IllegalArgumentException if it is not a valid name of a channel
     */
    String channelPath(String name);

    /** The path of the root of an image, whether it exists or not. */
    String imagePath(Digest image);

    /**
     * Points a channel to an image, at once or not at all, durably. A channel that already points
     * there is left as it is.
     */
    void move(String channel, Digest image) throws IOException;

    /**
     * Removes a channel, durably. The image that it points to stays.
     *
     * @throws FetchException.Missing if there is no such channel
     */
    void removeChannel(String name) throws IOException;

    /**
     * All objects that an image needs: the parts of its index, its stored blocks and its root,
     * which comes last; not channels that point to it, and not its profiles. An object may come
     * more than once. The index is read as the stream is, so memory stays bounded; its parts are
     * verified.
     *
     * @return a stream to be closed; reading it on fails with an {@link
     *     java.io.UncheckedIOException} where the repository or the index does
     * @throws FetchException.Missing if there is no such image
     * @throws IOException if its root cannot be read
     */
    Stream<Item> objects(Digest image) throws IOException;

    /**
     * Tells whether a path has the form of those of stored blocks and parts of an index of this
     * format. Where no image needs such an object, nobody does.
     */
    boolean isBlock(String path);

    /**
     * Removes an image from the repository, durably: it is neither listed nor opened any more. The
     * objects it named stay, because other images may need them.
     *
     * @throws FetchException.Missing if there is no such image
     * @throws IOException if a channel points to it, or may do so because it cannot be read; move
     *     or remove that first
     */
    void remove(Digest image) throws IOException;

    /**
     * A pointer to an image.
     *
     * @param name its name
     * @param image the image it points to
     * @param sequence grows by one with each move, from 1
     * @param history where it pointed before, the latest first; empty if the format keeps none
     */
    record Channel(String name, Digest image, long sequence, List<Move> history) {
        /** Copies the history. */
        public Channel {
            history = List.copyOf(history);
        }
    }

    /**
     * A position that a channel had and left.
     *
     * @param image the image it pointed to
     * @param sequence its sequence then
     * @param left when it was pointed elsewhere, by the publisher's clock
     */
    record Move(Digest image, long sequence, Instant left) {}

    /**
     * An object that an image needs.
     *
     * @param path its path in the repository
     * @param kind {@link Repository.Kind#BLOCK}, or {@link Repository.Kind#DOCUMENT} for the root
     * @param length its length in bytes, or the most that it may have, if {@code digest} is empty
     * @param digest of its bytes; empty if the format itself checks them when it reads the root, or
     *     if it names the block by the digest of its plain bytes
     */
    record Item(String path, Repository.Kind kind, int length, Optional<Digest> digest) {

        /** A stored block, by the digest that names it. */
        public static Item of(StoredBlock block) {
            return block(block.path(), block.length(), block.key());
        }

        /** A stored block, or a part of an index, of exactly that length in bytes. */
        public static Item block(String path, int length, Digest digest) {
            return new Item(path, Repository.Kind.BLOCK, length, Optional.of(digest));
        }
    }
}
