package org.netloop.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.index.Index;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.index.ObjectReader;
import org.netloop.api.index.ObjectVersion;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Transport;
import org.netloop.api.trust.TrustSpec;
import org.netloop.api.volume.Volumes.OpenVolume;
import org.netloop.api.volume.Volumes.Opening;
import org.netloop.api.volume.Volumes.Prefetch;
import org.netloop.api.volume.Volumes.VolumeSpec;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Tests the format that a file is recognised as. */
@Timeout(60)
class RecognitionTest {
    private Duration patience = Duration.ofSeconds(30);

    private final Engine engine = new Engine(1 << 20, Duration.ofMillis(50));
    private final ScriptedTransport transport = new ScriptedTransport();
    private final TestFormat image = new TestFormat(transport);

    /** Takes any file. */
    private final class Anything implements IndexFormat {
        @Override
        public String id() {
            return "anything";
        }

        @Override
        public String entry(Reference reference) {
            return "";
        }

        @Override
        public boolean isLastResort() {
            return true;
        }

        @Override
        public boolean recognises(ByteBuffer head) {
            return true;
        }

        @Override
        public Index open(Reference reference, ObjectReader objects)
                throws FetchException, InterruptedException {
            ObjectVersion.of(reference, objects, id());
            return image.open(reference, objects);
        }
    }

    @BeforeEach
    void installBackends() {
        engine.bindTransport(transport, Map.of(Transport.SCHEMES, new String[] {"test", "file"}));
        engine.bindFormat(new Anything(), Map.of());
        engine.bindCodec(new XorCodec(), Map.of());
    }

    private OpenVolume open(URI uri, String format, URI... more) throws Exception {
        return engine.open(
                new VolumeSpec(
                        "file",
                        new Reference(uri, null, null),
                        List.of(more),
                        patience,
                        Prefetch.NONE,
                        new Opening(format, false),
                        TrustSpec.DEFAULT));
    }

    private static URI file(String name) {
        return URI.create("test://a/" + name);
    }

    private void put(String name, String begin) {
        byte[] bytes = new byte[8192];
        System.arraycopy(begin.getBytes(US_ASCII), 0, bytes, 0, begin.length());
        transport.objects.put("/" + name, bytes);
        transport.objects.put("/" + name + "/entry", "a test image".getBytes(US_ASCII));
    }

    @Test
    void aContainerIsNotTakenForADisk() {
        put("x.vmdk", "KDMV");
        assertThatThrownBy(() -> open(file("x.vmdk"), ""))
                .isInstanceOf(FetchException.Unsupported.class)
                .hasMessageContainingAll("VMDK", "x.vmdk", "--raw", "format=raw");
    }

    @Test
    void aContainerIsReadAsADiskWhereItsFormatIsNamed() throws Exception {
        put("x.vmdk", "KDMV");
        open(file("x.vmdk"), "anything").close();
    }

    @Test
    void anythingElseIsADisk() throws Exception {
        put("x.img", "EFI PART");
        open(file("x.img"), "").close();
    }

    @Test
    void aFormatThatIsNamedAndNotInstalledIsTold() {
        put("x.img", "");
        assertThatThrownBy(() -> open(file("x.img"), "vmdk"))
                .isInstanceOf(FetchException.Unsupported.class)
                .hasMessageContainingAll("'vmdk'", "no known feature provides it", "anything");
    }

    @Test
    void aPathThatIsNotThereIsToldAsSuch(@TempDir Path directory) {
        patience = Duration.ofSeconds(2);
        Path path = directory.resolve("nowhere");
        assertThatThrownBy(() -> open(path.toUri(), ""))
                .isInstanceOf(FetchException.Missing.class)
                .hasMessage(path + ": no such file or directory");
    }

    @Test
    void aPathToNothingOfUseIsToldAsSuch(@TempDir Path directory) {
        patience = Duration.ofSeconds(2);
        assertThatThrownBy(() -> open(directory.toUri(), ""))
                .isInstanceOf(FetchException.Missing.class)
                .hasMessage(directory + " is an empty directory: nothing is published there");
        assertThatThrownBy(() -> open(URI.create("file:///dev/null"), ""))
                .isInstanceOf(FetchException.Unsupported.class)
                .hasMessageStartingWith("/dev/null is neither a file nor a directory");
    }

    @Test
    void aMirrorOfASchemeThatNobodyKnowsKeepsNoOtherFromBeingAsked() throws Exception {
        engine.bindFormat(image, Map.of());
        try (OpenVolume volume = open(URI.create("htp://a/"), "", URI.create("test://b/"))) {
            ByteBuffer into = ByteBuffer.allocate(100);
            volume.read(0, into);
            assertThat(into.hasRemaining()).isFalse();
        }
    }

    @Test
    void oneFileIsAnotherImageToEachFormat() throws Exception {
        put("x.img", "");
        ObjectVersion version = new ObjectVersion("", 10, "\"1\"", image.stored(0).key());
        assertThat(version.image("raw")).isNotEqualTo(version.image("qcow2"));
        assertThat(version.image("raw")).isEqualTo(version.image("raw"));
    }
}
