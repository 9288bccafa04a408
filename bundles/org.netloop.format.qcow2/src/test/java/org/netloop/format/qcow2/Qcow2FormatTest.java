package org.netloop.format.qcow2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.codec.Codec;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.FetchException;
import org.netloop.codec.zlib.DeflateCodec;
import org.netloop.codec.zstd.ZstdCodec;
import org.netloop.tck.FileFormatContract;
import org.netloop.tck.Machine;
import org.netloop.tck.MemoryFile;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Images are made by qemu-img. */
class Qcow2FormatTest extends FileFormatContract {
    private static final Reference FILE =
            new Reference(URI.create("memory:/disk.qcow2"), null, null);
    private static final int SIZE = 300_032; // sectors, but no whole number of clusters
    private static final int L1_AT = 40;

    @TempDir private Path home;

    private final Qcow2Format format = new Qcow2Format();

    @Override
    protected IndexFormat format() {
        return format;
    }

    @Override
    protected Codec codec(String id) {
        return switch (id) {
            case "deflate" -> new DeflateCodec();
            case "zstd" -> new ZstdCodec();
            default -> throw new AssertionError("no such codec: " + id);
        };
    }

    private byte[] image() {
        byte[] image = new byte[SIZE];
        Random random = new Random(1);
        for (int i = 0; i < SIZE; i++) {
            image[i] = (byte) ('a' + random.nextInt(7));
        }
        Arrays.fill(image, 70_000, 150_000, (byte) 0);
        return image;
    }

    @Override
    protected List<Sample> samples() throws Exception {
        byte[] image = image();
        Path raw = Files.write(home.resolve("raw"), image);
        List<Sample> samples = new ArrayList<>();
        for (List<String> options :
                List.of(
                        List.of("-o", "compat=0.10"),
                        List.of("-o", "compat=1.1"),
                        List.of("-o", "compat=1.1,cluster_size=4096"),
                        List.of("-c", "-o", "compat=0.10"),
                        List.of("-c", "-o", "compression_type=zlib,cluster_size=16384"),
                        List.of("-c", "-o", "compression_type=zstd"))) {
            byte[] file = convert(raw, options);
            samples.add(new Sample(file, image, map(file)));
        }
        return samples;
    }

    /** Header, list of tables, first table. */
    private static int[] map(byte[] file) {
        ByteBuffer in = ByteBuffer.wrap(file);
        int tables = (int) in.getLong(L1_AT);
        int table = (int) (in.getLong(tables) & 0xFFFFFF00L);
        return new int[] {0, 16, L1_AT, 72, tables, table};
    }

    private byte[] convert(Path raw, List<String> options)
            throws IOException, InterruptedException {
        Path made = home.resolve("made.qcow2");
        List<String> command =
                new ArrayList<>(List.of("qemu-img", "convert", "-f", "raw", "-O", "qcow2"));
        command.addAll(options);
        command.addAll(List.of(raw.toString(), made.toString()));
        run(command);
        return Files.readAllBytes(made);
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        Machine.needsProgram(command.getFirst());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as("%s: %s", command, said).isZero();
    }

    private byte[] create(String... options) throws IOException, InterruptedException {
        Path made = home.resolve("created.qcow2");
        List<String> command = new ArrayList<>(List.of("qemu-img", "create", "-f", "qcow2"));
        command.addAll(List.of(options));
        command.addAll(List.of(made.toString(), "1M"));
        run(command);
        return Files.readAllBytes(made);
    }

    private void assertRefused(byte[] file, String why) {
        assertThatThrownBy(() -> format.open(FILE, new MemoryFile(file)))
                .isInstanceOf(FetchException.Unsupported.class)
                .hasMessageContaining(why);
    }

    @Test
    void whatCannotBeReadIsRefusedByName() throws Exception {
        Path base = home.resolve("base.qcow2");
        run(List.of("qemu-img", "create", "-q", "-f", "qcow2", base.toString(), "1M"));
        assertRefused(create("-b", base.toString(), "-F", "qcow2"), "base.qcow2");
        assertRefused(create("-o", "extended_l2=on"), "extended L2");
        assertRefused(
                create("-o", "data_file=" + home.resolve("data") + ",data_file_raw=on"),
                "external data file");
        byte[] encrypted = create();
        encrypted[35] = 2;
        assertRefused(encrypted, "LUKS");
        byte[] later = create();
        later[7] = 4;
        assertRefused(later, "version 4");
        byte[] unknown = create();
        unknown[72] = 1;
        assertRefused(unknown, "bit 56");
    }

    @Test
    void anImageThatNobodyWroteToIsOneHole() throws Exception {
        assertThat(format.open(FILE, new MemoryFile(create())).extent(0).length())
                .isEqualTo(1 << 20);
    }

    @Test
    void plainClustersInARowAreOneBlock() throws Exception {
        MemoryFile file = new MemoryFile(samples().get(1).file());
        assertThat(format.open(FILE, file).block(200_000).length()).isGreaterThan(65_536);
    }
}
