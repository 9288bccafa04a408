package org.netloop.demo;

import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.command.Command;
import org.netloop.api.frontend.Attachment;
import org.netloop.api.frontend.AttachmentSpec;
import org.netloop.api.frontend.Frontend;
import org.netloop.api.frontend.Frontends;
import org.netloop.api.index.ImageSpec;
import org.netloop.api.index.Reference;
import org.netloop.api.message.Failures;
import org.netloop.api.message.Sizes;
import org.netloop.api.publish.PublishSpec;
import org.netloop.api.publish.Published;
import org.netloop.api.publish.Publisher;
import org.netloop.api.status.Measure;
import org.netloop.api.status.Measures;
import org.netloop.api.volume.Volumes;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;

import picocli.CommandLine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** {@code netloop demo}: the whole story in a few seconds, on what comes with Netloop. */
@Component(
        service = Command.class,
        scope = ServiceScope.PROTOTYPE,
        property = Command.NAME + "=demo")
@CommandLine.Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "Creates an image, packs it, serves it over HTTP, reads it back live,"
                        + " and cleans up.")
public final class DemoCommand implements Command {
    private static final Path FUSE_DEVICE = Path.of("/dev/fuse");
    private static final String NEEDED =
            "/dev/fuse, and by users other than root with fusermount3 (package fuse3)";

    /** The frontends that show files, the better one first. */
    private static final List<String> MOUNTING = List.of("devfuse", "fuse");

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Publisher publisher;
    private final Volumes volumes;
    private final List<Frontend> frontends;

    /** Created by Declarative Services. */
    @Activate
    public DemoCommand(
            @org.osgi.service.component.annotations.Reference Publisher publisher,
            @org.osgi.service.component.annotations.Reference Volumes volumes,
            @org.osgi.service.component.annotations.Reference List<Frontend> frontends) {
        this.publisher = publisher;
        this.volumes = volumes;
        this.frontends = frontends;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path work = Files.createTempDirectory("netloop-demo-");
        try {
            DemoImage image = DemoImage.make(work);
            say(
                    "1. an image of %s with %s",
                    Sizes.human(Files.size(image.file())), image.description());
            Path repository = Files.createDirectory(work.resolve("repository"));
            pack(image.file(), repository);
            try (RepositoryWeb web =
                    new RepositoryWeb(
                            repository,
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
                readBack(web, image, work);
            }
        } finally {
            delete(work);
        }
        say("6. cleaned up");
        return OK;
    }

    private void pack(Path image, Path repository) throws IOException, InterruptedException {
        ImageSpec imageSpec =
                new ImageSpec(
                        ImageSpec.STANDARD_BLOCK_LENGTH,
                        "zstd",
                        DigestAlgorithm.SHA256,
                        null,
                        Map.of("made-by", "demo"));
        Published packed =
                publisher.publish(
                        image,
                        new PublishSpec(
                                repository.toUri(),
                                "netloop",
                                imageSpec,
                                OptionalInt.empty(),
                                Reference.STANDARD_CHANNEL),
                        _ -> {});
        say(
                "2. packed as %s: %d distinct blocks, %s stored",
                packed.image().digest().brief(),
                packed.distinctBlocks(),
                Sizes.human(packed.storedBytes()));
    }

    private void readBack(RepositoryWeb web, DemoImage image, Path work)
            throws IOException, InterruptedException {
        say("3. served by a plain web server at %s", web.uri());
        Volumes.VolumeSpec spec =
                new Volumes.VolumeSpec(
                        "demo", new Reference(web.uri(), null, null), List.of(), PATIENCE);
        try (Volumes.OpenVolume volume = volumes.open(spec)) {
            if (!overFuse(volume, image, work.resolve("mnt"))) {
                overNbd(volume, image, work.resolve("nbd.sock"));
            }
            List<Measure> measures = volume.measures();
            say(
                    "5. fetched %.0f objects, %s of an image of %s, in %d requests",
                    Measures.number(measures, "netloop_volume_fetches"),
                    Sizes.human((long) Measures.number(measures, "netloop_volume_fetched_bytes")),
                    Sizes.human(volume.size()),
                    web.requests());
        }
    }

    /** False if this machine has no FUSE for this user, which is said. */
    private boolean overFuse(Volumes.OpenVolume volume, DemoImage image, Path mount)
            throws IOException, InterruptedException {
        boolean loop = image.hasFileSystem() && DemoImage.canLoop();
        Map<String, String> options = loop ? Map.of("loop", "true") : Map.of();
        AttachmentSpec place = new AttachmentSpec(mount.toString(), options);
        Attachment attachment;
        try {
            openDevice();
            attachment = Frontends.attach(frontends, MOUNTING, volume, place);
        } catch (IOException | LinkageError e) {
            String why = Failures.sentence(e);
            say("4. no mount here: %s", why);
            say("   (it would be mounted with %s)", NEEDED);
            return false;
        }
        try (attachment) {
            say("4. mounted by FUSE as %s", attachment.address());
            if (loop) {
                image.show(mount.resolve(volume.name()));
            }
            image.compare(Path.of(attachment.address()));
        }
        return true;
    }

    /** A container may show a device that it may not open. */
    private static void openDevice() throws IOException {
        FileChannel.open(FUSE_DEVICE, StandardOpenOption.READ, StandardOpenOption.WRITE).close();
    }

    private void overNbd(Volumes.OpenVolume volume, DemoImage image, Path socket)
            throws IOException, InterruptedException {
        AttachmentSpec place = new AttachmentSpec("unix:" + socket, Map.of());
        try (Attachment attachment = Frontends.find(frontends, "nbd").attach(volume, place)) {
            say("   served by NBD as %s", attachment.address());
            image.compare(NbdClient.download(socket, socket.resolveSibling("copy.img")));
        }
    }

    private static void say(String format, Object... arguments) {
        System.out.printf(format + "%n", arguments);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
