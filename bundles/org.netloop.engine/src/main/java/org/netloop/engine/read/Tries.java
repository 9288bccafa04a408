package org.netloop.engine.read;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.block.Verification;
import org.netloop.api.codec.Codec;
import org.netloop.api.transport.FetchException;
import org.netloop.engine.lease.BackendException;
import org.netloop.engine.lease.Use;

import java.util.ArrayList;
import java.util.List;

/** The codecs that did not decode one block, and whose fault that is. Used by one thread. */
final class Tries {
    private final List<Codec> tried = new ArrayList<>();
    private final List<Use<Codec>> refused = new ArrayList<>();
    private final List<String> reasons = new ArrayList<>();
    private @Nullable BackendException defect;

    boolean isNew(Codec codec) {
        return tried.stream().noneMatch(one -> one == codec);
    }

    /** Records that the codec does not recognise the block. */
    void skipped(Use<Codec> use) {
        tried.add(use.service());
    }

    /** Records that the codec refused the block, or returned an impossible result. */
    void refused(Use<Codec> use, @Nullable String why) {
        tried.add(use.service());
        refused.add(use);
        reasons.add(use.name() + ": " + why);
    }

    /** Records that the codec broke its contract, which was counted. */
    void failed(Use<Codec> use, BackendException why) {
        tried.add(use.service());
        defect = why;
    }

    /** Another one can: those that could not are at fault, and no mirror is. */
    void blame(String other) {
        refused.forEach(use -> use.blame("it cannot decode what " + other + " can"));
    }

    /** None can. */
    FetchException conclusion(StoredBlock block) throws BackendException {
        if (defect != null) {
            throw defect;
        }
        return unreadable(block, String.join("; ", reasons));
    }

    /**
     * Returns the failure for an unreadable block: if its stored bytes were verified, no mirror has
     * better ones; else they may be damaged.
     */
    static FetchException unreadable(StoredBlock block, String why) {
        String what = "block " + block.key().brief() + " cannot be decoded: " + why;
        return block.verification() == Verification.STORED
                ? new FetchException.Unsupported(
                        what
                                + "; these are the bytes that were published: the image was packed"
                                + " wrongly, or the codec is defective")
                : new FetchException.Corrupt(what);
    }
}
