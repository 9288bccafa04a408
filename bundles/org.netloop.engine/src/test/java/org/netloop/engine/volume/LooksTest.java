package org.netloop.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.index.Index;
import org.netloop.api.index.ObjectReader;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.FetchException;
import org.netloop.api.volume.Volumes.VolumeSpec;
import org.netloop.engine.read.SeenRoots;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Tests what a look at a channel asks for: its root, once for all volumes that follow it. */
@Timeout(60)
class LooksTest extends OneMirror {
    private static final List<URI> BASES = List.of(URI.create("test://a/"));
    private static final String ROOT = "/channel";

    private final List<OpenedVolume> opened = new ArrayList<>();

    @BeforeEach
    void installFormat() {
        transport.objects.put(ROOT, new byte[] {1});
        engine.bindFormat(
                new WrappedFormat(good) {
                    @Override
                    public Index open(Reference reference, ObjectReader objects)
                            throws FetchException, InterruptedException {
                        objects.readRoot("channel", 100, root -> root.get(root.position()));
                        return super.open(reference, objects);
                    }
                },
                Map.of());
    }

    @AfterEach
    void close() {
        opened.forEach(OpenedVolume::close);
    }

    private static VolumeSpec spec() {
        return new VolumeSpec(
                "root", new Reference(BASES.getFirst(), null, null), List.of(), PATIENCE);
    }

    private SeenRoots seen() throws IOException, InterruptedException {
        OpenedVolume volume = engine.opener().open(spec(), BASES);
        opened.add(volume);
        return volume.roots();
    }

    private boolean leadsThere(SeenRoots seen, Duration mostAge) throws Exception {
        return engine.opener().leadsThere(seen, spec(), BASES, mostAge);
    }

    @Test
    void aLookAtAChannelThatDidNotMoveIsOneRequest() throws Exception {
        SeenRoots seen = seen();
        transport.requests.clear();
        assertThat(leadsThere(seen, Duration.ZERO)).isTrue();
        assertThat(transport.requests).containsExactly(URI.create("test://a" + ROOT));
        transport.objects.put(ROOT, new byte[] {2});
        assertThat(leadsThere(seen, Duration.ZERO)).isFalse();
    }

    @Test
    void allVolumesOfAChannelLookOnce() throws Exception {
        SeenRoots seen = seen();
        assertThat(leadsThere(seen, Duration.ZERO)).isTrue();
        transport.requests.clear();
        for (int i = 0; i < 20; i++) {
            assertThat(leadsThere(seen, Duration.ofHours(1))).isTrue();
        }
        assertThat(transport.requests).isEmpty();
    }

    @Test
    void aChannelThatGoesBackIsRefused() throws Exception {
        transport.objects.put(ROOT, new byte[] {2});
        SeenRoots two = seen();
        transport.objects.put(ROOT, new byte[] {3});
        SeenRoots three = seen();
        assertThat(leadsThere(three, Duration.ZERO)).isTrue();
        transport.objects.put(ROOT, new byte[] {2});
        assertThatThrownBy(() -> leadsThere(two, Duration.ZERO))
                .isInstanceOf(FetchException.Untrusted.class);
    }

    @Test
    void aRootThatHasGrownIsAnother() throws Exception {
        SeenRoots seen = seen();
        transport.objects.put(ROOT, new byte[101]);
        assertThat(leadsThere(seen, Duration.ZERO)).isFalse();
    }

    @Test
    void anImageWithoutARootIsLookedForAnew() throws Exception {
        assertThat(leadsThere(new SeenRoots(), Duration.ZERO)).isFalse();
    }
}
