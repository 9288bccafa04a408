package org.netloop.command;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.Extent;
import org.netloop.api.block.Verification;
import org.netloop.api.command.Command;
import org.netloop.api.message.Printable;
import org.netloop.api.volume.VolumeException;
import org.netloop.api.volume.Volumes;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;

import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** {@code netloop verify}. */
@Component(
        service = Command.class,
        scope = ServiceScope.PROTOTYPE,
        property = Command.NAME + "=verify")
@CommandLine.Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description =
                "Fetches every block of an image, bypassing all caches, and lists"
                        + " missing and damaged ones.")
public final class VerifyCommand implements Command {
    @Mixin private VolumeOptions options = new VolumeOptions();

    @Option(
            names = "--parallel",
            paramLabel = "N",
            defaultValue = "8",
            description = "Blocks checked at a time (default ${DEFAULT-VALUE})")
    private int parallel;

    @Option(names = "--json", description = "Print one JSON object per line")
    private boolean json;

    private final Volumes volumes;
    private final ConcurrentLinkedQueue<String> damage = new ConcurrentLinkedQueue<>();
    private final AtomicLong checked = new AtomicLong();

    /** Created by Declarative Services. */
    @Activate
    public VerifyCommand(@Reference Volumes volumes) {
        this.volumes = volumes;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (Volumes.OpenVolume volume = volumes.open(options.spec());
                ProgressMeter meter = new ProgressMeter("verify " + volume.name())) {
            checkAll(volume, meter);
            if (volume.image().verification() == Verification.NONE) {
                System.err.println("verified: " + volume.image().verification().meaning());
            }
        }
        report();
        return damage.isEmpty() ? OK : DAMAGED;
    }

    private void checkAll(Volumes.OpenVolume volume, ProgressMeter meter)
            throws IOException, InterruptedException {
        Set<Digest> seen = new HashSet<>();
        Semaphore slots = new Semaphore(Math.max(1, parallel));
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (long at = 0; at < volume.size(); ) {
                Extent run = volume.index().extent(at);
                if (run.hole()) {
                    at = run.end();
                    continue;
                }
                Block block = volume.index().block(at);
                if (!block.isHole() && seen.add(block.identity())) {
                    slots.acquire();
                    workers.execute(() -> check(volume, block, slots));
                }
                at = block.end();
                meter.at(at, volume.size());
            }
            workers.shutdown();
            workers.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        }
    }

    private void check(Volumes.OpenVolume volume, Block block, Semaphore slots) {
        try {
            volume.verify(block.offset());
            checked.incrementAndGet();
        } catch (VolumeException e) {
            damage.add(text(e.getMessage()));
        } catch (InterruptedException _) {
            damage.add("block at " + block.offset() + " was not checked: interrupted");
        } finally {
            slots.release();
        }
    }

    private static String text(@Nullable String message) {
        return message == null ? "" : message;
    }

    private void report() throws IOException {
        for (String line : damage) {
            if (json) {
                Json.print(System.out, Map.of("damage", line));
            } else {
                System.out.println(Printable.line(line));
            }
        }
        if (json) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("good", checked.get());
            result.put("damaged", damage.size());
            Json.print(System.out, result);
        } else {
            System.out.printf(
                    "%d blocks are good, %d are missing or damaged%n",
                    checked.get(), damage.size());
        }
    }
}
