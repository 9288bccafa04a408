import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes the bundles of all features into the dependencies of the runtime's pom.xml, or checks that they are there:
 * Maven has to know before it reads any feature what to build first, and nobody has to say it twice.
 *
 * <p>Usage: {@code java cnf/Bundles.java --check|--replace}
 */
final class Bundles {
    private static final Path POM = Path.of("runtime/dist/pom.xml");
    private static final String BEGIN = "    <!-- Written from features/*.json by 'mvn -N verify -Pformat'. -->\n";
    private static final String END = "    <!-- End of what is written from features. -->\n";
    private static final String OURS = "org.netloop";
    private static final Pattern BUNDLE = Pattern.compile("\"id\": *\"([^\":]+):([^\":]+):[^\":]+\"");

    private Bundles() {}

    private record Bundle(String group, String artifact) {
        boolean isOurs() {
            return group.equals(OURS);
        }

        String dependency() {
            return "    <dependency>\n"
                    + ("      <groupId>" + group + "</groupId>\n")
                    + ("      <artifactId>" + artifact + "</artifactId>\n")
                    + (isOurs() ? "      <version>${project.version}</version>\n" : "")
                    + "    </dependency>\n";
        }
    }

    public static void main(String[] arguments) throws IOException {
        TreeSet<Bundle> bundles = new TreeSet<>(
                Comparator.comparing(Bundle::isOurs).reversed().thenComparing(Bundle::toString));
        List<Path> features;
        try (Stream<Path> files = Files.list(Path.of("features"))) {
            features = files.filter(file -> file.toString().endsWith(".json")).toList();
        }
        for (Path feature : features) {
            BUNDLE.matcher(Files.readString(feature)).results()
                    .map(id -> new Bundle(id.group(1), id.group(2)))
                    .filter(bundle -> !bundle.artifact().startsWith("org.netloop.feature."))
                    .forEach(bundles::add);
        }
        String pom = Files.readString(POM);
        int begin = pom.indexOf(BEGIN);
        int end = pom.indexOf(END);
        if (begin < 0 || end < begin) {
            System.err.println(POM + " lacks the comments between which the bundles are written");
            System.exit(1);
        }
        String wanted = pom.substring(0, begin + BEGIN.length())
                + bundles.stream().map(Bundle::dependency).collect(Collectors.joining())
                + pom.substring(end);
        if (!pom.equals(wanted)) {
            if (!arguments[0].equals("--replace")) {
                System.err.println(POM + " has other bundles than the features: run mvn -N verify -Pformat");
                System.exit(1);
            }
            Files.writeString(POM, wanted);
        }
    }
}
