package org.netloop.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.Transport;
import org.netloop.api.volume.Volumes.OpenVolume;
import org.netloop.api.volume.Volumes.VolumeSpec;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** An engine with one mirror and no index format yet: what tests of formats begin with. */
abstract class OneMirror {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    Duration patience = PATIENCE;
    final Engine engine = new Engine(1 << 20, Duration.ofSeconds(5));
    final ScriptedTransport transport = new ScriptedTransport();
    final TestFormat good = new TestFormat(transport);

    @BeforeEach
    void installBackends() {
        engine.bindTransport(transport, Map.of(Transport.SCHEMES, "test"));
        engine.bindCodec(new XorCodec(), Map.of());
    }

    OpenVolume open() throws Exception {
        return engine.open(
                new VolumeSpec(
                        "root",
                        new Reference(URI.create("test://a/"), null, null),
                        List.of(),
                        patience));
    }

    void assertReads(OpenVolume volume) throws Exception {
        ByteBuffer into = ByteBuffer.allocate(good.image.length);
        volume.read(0, into);
        assertThat(into.array()).isEqualTo(good.image);
    }
}
