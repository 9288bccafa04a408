package org.netloop.api.block;

/** Kind of check that the bytes of a stored block undergo. */
public enum Verification {
    /** The key is the digest of the stored bytes: checked before anything is decoded. */
    STORED("each block by the digest of its stored bytes"),
    /** A digest of the plain bytes (casync's chunks): checked after a bounded decoding. */
    PLAIN("each block by the digest of its plain bytes"),
    /**
     * The key only names the place in one version of an object (a plain image read by ranges):
     * nothing is checked but that length and validator of the object stay as they were.
     */
    NONE(
            "no block, because there are no digests: only a change of the file's length or ETag (or"
                    + " time) is noticed");

    private final String meaning;

    Verification(String meaning) {
        this.meaning = meaning;
    }

    /** Returns the text for people that follows "verified: ". */
    public String meaning() {
        return meaning;
    }
}
