package org.netloop.control.recording;

import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.Extent;
import org.netloop.api.block.Verification;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.profile.Profile;
import org.netloop.api.profile.Profile.Entry;
import org.netloop.api.volume.ImageVolume;
import org.netloop.api.volume.Recording;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Volume of a given image that records what it is told to. */
public final class RecordedVolume implements ImageVolume, Recording {
    static final int BLOCK = 100;
    private static final long SIZE = 100 * BLOCK;

    private final String image;
    private final List<Entry> entries = new ArrayList<>();
    private boolean recorded;

    /** Creates the volume of an image that only its name tells from others. */
    public RecordedVolume(String image) {
        this.image = image;
    }

    /** Notes reads of blocks, by their numbers. */
    void reads(int... blocks) {
        for (int block : blocks) {
            entries.add(new Entry((long) block * BLOCK, BLOCK, 0));
        }
    }

    boolean isRecorded() {
        return recorded;
    }

    @Override
    public Recording record(String name) {
        recorded = true;
        return this;
    }

    @Override
    public int blocks() {
        return entries.size();
    }

    @Override
    public Profile profile() {
        return new Profile(image().digest(), "work", entries, null);
    }

    @Override
    public void close() {
        recorded = false;
    }

    @Override
    public String name() {
        return "root";
    }

    @Override
    public ImageInfo image() {
        Digest digest =
                Digest.of(
                        DigestAlgorithm.SHA256,
                        ByteBuffer.wrap(image.getBytes(StandardCharsets.UTF_8)));
        return new ImageInfo(
                digest, "test", SIZE, BLOCK, "none", null, -1, Map.of(), Verification.STORED);
    }

    @Override
    public void read(long offset, ByteBuffer into) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean readIfPresent(long offset, ByteBuffer into) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Extent extent(long offset, long length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Block verify(long offset) {
        throw new UnsupportedOperationException();
    }
}
