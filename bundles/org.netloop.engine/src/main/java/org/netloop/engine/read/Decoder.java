package org.netloop.engine.read;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.codec.Codec;
import org.netloop.api.codec.CodecException;
import org.netloop.api.message.FeatureHint;
import org.netloop.api.transport.FetchException;
import org.netloop.engine.lease.BackendException;
import org.netloop.engine.lease.Backends;
import org.netloop.engine.lease.Use;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

/**
 * Turns stored bytes into plain ones. What one codec cannot decode is given to the others of its
 * id: if one of them can, the first is to blame. Thread-safe.
 */
public final class Decoder {
    /** Number of bytes that identify a content in a message. */
    private static final int MARK = 6;

    private final Backends<Codec> codecs;
    private final Duration grace;

    /**
     * @param grace how long a codec that left is waited for
     */
    public Decoder(Backends<Codec> codecs, Duration grace) {
        this.codecs = codecs;
        this.grace = grace;
    }

    /**
     * Block to decode, with its buffers.
     *
     * @param stored the stored bytes, from the position to the limit
     * @param plain where the plain ones belong
     * @param least how many there are at least
     */
    private record Task(StoredBlock block, ByteBuffer stored, ByteBuffer plain, int least) {}

    /**
     * Decodes the remaining bytes of {@code stored} to the position of {@code plain}, and moves
     * that on.
     *
     * @param least how many plain bytes have to come
     * @throws FetchException.Corrupt if no codec can, and nothing vouches for the stored bytes
     * @throws FetchException.Unsupported if the codec is not installed, or no installed one can,
     *     although the stored bytes are what was published
     * @throws BackendException if a codec failed in a way it should not, and no other one can
     */
    public void decode(StoredBlock block, ByteBuffer stored, ByteBuffer plain, int least)
            throws FetchException, BackendException, InterruptedException {
        Task task = new Task(block, stored, plain, least);
        if (block.codec().equals(StoredBlock.PLAIN)) {
            copy(task);
            return;
        }
        Tries tries = new Tries();
        try (Use<Codec> use = enter(task)) {
            if (use == null) {
                throw missing(block, stored);
            }
            if (decodes(use, task, tries)) {
                return;
            }
        }
        if (!decodesWithAnother(task, tries)) {
            throw tries.conclusion(block);
        }
    }

    private void copy(Task task) throws FetchException {
        ByteBuffer stored = task.stored();
        if (stored.remaining() > task.plain().remaining()) {
            throw new FetchException.Corrupt(
                    "block "
                            + task.block().key().brief()
                            + " is stored plain with "
                            + stored.remaining()
                            + " bytes where "
                            + task.plain().remaining()
                            + " belong");
        }
        ByteBuffer copied = task.plain().slice();
        copied.put(stored.duplicate());
        String wrong = wrong(task, copied);
        if (wrong != null) {
            throw Tries.unreadable(task.block(), "it is stored plain, and " + wrong);
        }
        task.plain().position(task.plain().position() + copied.position());
    }

    private @Nullable Use<Codec> enter(Task task) throws InterruptedException {
        String codec = task.block().codec();
        return codec.equals(StoredBlock.RECOGNISED)
                ? codecs.enterFirst(c -> c.recognises(task.stored().asReadOnlyBuffer()), grace)
                : codecs.enter(codec, grace);
    }

    /**
     * Returns the failure for bytes that no codec recognises: they may be damaged, and another
     * mirror may have better ones.
     */
    private FetchException missing(StoredBlock block, ByteBuffer stored) {
        if (!block.codec().equals(StoredBlock.RECOGNISED)) {
            return new FetchException.Unsupported(
                    FeatureHint.absent("no codec", "codec", block.codec(), codecs.keys()));
        }
        byte[] first = new byte[Math.min(MARK, stored.remaining())];
        stored.get(stored.position(), first);
        return new FetchException.Corrupt(
                "block "
                        + block.key().brief()
                        + " begins with "
                        + HexFormat.of().formatHex(first)
                        + ", which no installed codec recognises (there are "
                        + codecs.keys()
                        + "): it is damaged, or the feature of its codec is missing");
    }

    /** Tries the untried codecs with the same id; without an id, all that recognise the bytes. */
    private boolean decodesWithAnother(Task task, Tries tries) throws InterruptedException {
        String named = task.block().codec();
        boolean any = named.equals(StoredBlock.RECOGNISED);
        for (String id : any ? codecs.keys() : List.of(named)) {
            while (codecs.enter(id, tries::isNew) instanceof Use<Codec> use) {
                try (use) {
                    if (any && !recognises(use, task)) {
                        tries.skipped(use);
                    } else if (decodes(use, task, tries)) {
                        tries.blame(use.name());
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static boolean recognises(Use<Codec> use, Task task) throws InterruptedException {
        try {
            return use.call(codec -> codec.recognises(task.stored().asReadOnlyBuffer()));
        } catch (BackendException _) {
            // It was counted. What cannot tell does not recognise.
            return false;
        }
    }

    /** Decodes with one codec; records its failure. */
    private static boolean decodes(Use<Codec> use, Task task, Tries tries)
            throws InterruptedException {
        ByteBuffer plain = task.plain().slice();
        try {
            use.call(
                    CodecException.class,
                    codec -> {
                        ByteBuffer bytes = task.stored().slice().asReadOnlyBuffer();
                        if (task.block().hasPadding()) {
                            codec.decode(bytes, plain);
                        } else {
                            codec.decodeWhole(bytes, plain);
                        }
                        String wrong = wrong(task, plain);
                        if (wrong != null) {
                            throw new CodecException(wrong);
                        }
                        return codec;
                    });
        } catch (CodecException e) {
            tries.refused(use, e.getMessage());
            return false;
        } catch (BackendException e) {
            tries.failed(use, e);
            return false;
        }
        task.plain().position(task.plain().position() + plain.position());
        return true;
    }

    /**
     * Returns the error in the bytes before the position of {@code plain}; null if there is none.
     */
    private static @Nullable String wrong(Task task, ByteBuffer plain) {
        int length = plain.position();
        if (length < task.least()) {
            return "it decodes to " + length + " bytes instead of " + task.least();
        }
        Digest expected = task.block().plainOrNull();
        return expected != null && !expected.matches(plain.duplicate().flip())
                ? "it decodes to other bytes than its digest " + expected.brief() + " says"
                : null;
    }
}
