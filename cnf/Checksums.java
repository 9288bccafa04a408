import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Holds what Maven has downloaded against the checksums of the clone: what is in the local repository, and listed, must
 * be what it was when it was recorded. The list has the form that Maven 3.9 itself checks (SHA-256, two spaces, path),
 * so that one list serves both.
 *
 * <p>Usage: {@code java cnf/Checksums.java --check|--record LIST REPOSITORY}. What is recorded replaces the list; the
 * repository should then be one that a whole build has just filled ({@code mvn -Dmaven.repo.local=REPOSITORY verify}).
 */
final class Checksums {
    private static final int PIECE = 1 << 20;

    private Checksums() {}

    public static void main(String[] arguments) throws IOException, GeneralSecurityException {
        if (arguments.length != 3) {
            System.err.println("usage: java cnf/Checksums.java --check|--record LIST REPOSITORY");
            System.exit(2);
        }
        Path list = Path.of(arguments[1]);
        Path repository = Path.of(arguments[2]);
        if (arguments[0].equals("--record")) {
            record(list, repository);
        } else {
            check(list, repository);
        }
    }

    private static void check(Path list, Path repository)
            throws IOException, GeneralSecurityException {
        List<String> wrong = new ArrayList<>();
        for (String line : Files.readAllLines(list)) {
            String[] parts = line.split(" {2}", 2);
            Path file = repository.resolve(parts[1]);
            if (Files.exists(file) && !sum(file).equals(parts[0])) {
                wrong.add(file.toString());
            }
        }
        if (!wrong.isEmpty()) {
            System.err.println("These files are not what they were when " + list + " was recorded:");
            wrong.forEach(file -> System.err.println("  " + file));
            System.err.println("Delete them and build again; if they come back the same, do not use them.");
            System.exit(1);
        }
    }

    private static void record(Path list, Path repository)
            throws IOException, GeneralSecurityException {
        Map<String, String> sums = new TreeMap<>();
        try (Stream<Path> files = Files.walk(repository)) {
            for (Path file : files.filter(Checksums::isDownload).toList()) {
                sums.put(repository.relativize(file).toString(), sum(file));
            }
        }
        Files.write(list, sums.entrySet().stream().map(e -> e.getValue() + "  " + e.getKey()).toList());
        System.out.println(sums.size() + " checksums are in " + list);
    }

    private static boolean isDownload(Path file) {
        String name = file.getFileName().toString();
        return (name.endsWith(".jar") || name.endsWith(".pom")) && !file.toString().contains("-SNAPSHOT");
    }

    private static String sum(Path file) throws IOException, GeneralSecurityException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        ByteBuffer piece = ByteBuffer.allocate(PIECE);
        try (FileChannel in = FileChannel.open(file)) {
            while (in.read(piece.clear()) >= 0) {
                digest.update(piece.flip());
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
