package org.netloop.engine;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.netloop.engine.read.BlockReader;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Arrows between the rooms of the engine, and between the classes of those rooms that a read goes
 * through, run one way: whatever uses another thing is not used by it, however far round about.
 */
class ArrowsTest {
    private static final String ENGINE = "org/netloop/engine/";
    private static final Pattern CLASS = Pattern.compile(ENGINE + "[a-z]+/[A-Za-z_]+");

    /** Classes of the engine that each class names. Nested ones count as the one they are in. */
    private final Map<String, Set<String>> uses = new TreeMap<>();

    ArrowsTest() throws Exception {
        Path classes =
                Path.of(
                        BlockReader.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI());
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(one -> one.toString().endsWith(".class")).toList()) {
                look(file);
            }
        }
    }

    private void look(Path file) throws IOException {
        ClassModel model = ClassFile.of().parse(Files.readAllBytes(file));
        String name = outer(model.thisClass().asInternalName());
        if (!name.startsWith(ENGINE) || name.endsWith("package-info")) {
            return;
        }
        Set<String> used = uses.computeIfAbsent(name, _ -> new TreeSet<>());
        StreamSupport.stream(model.constantPool().spliterator(), false)
                .map(
                        entry ->
                                switch (entry) {
                                    case ClassEntry one -> one.asInternalName();
                                    case Utf8Entry one -> one.stringValue();
                                    default -> "";
                                })
                .forEach(
                        text -> {
                            for (Matcher m = CLASS.matcher(text); m.find(); ) {
                                used.add(m.group());
                            }
                        });
        used.remove(name);
    }

    private static String outer(String name) {
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }

    private static String room(String name) {
        return name.substring(ENGINE.length(), name.lastIndexOf('/'));
    }

    /** The same arrows between what those names belong to. */
    private Map<String, Set<String>> between(UnaryOperator<String> whole) {
        Map<String, Set<String>> arrows = new TreeMap<>();
        uses.forEach(
                (from, all) -> {
                    Set<String> to =
                            arrows.computeIfAbsent(whole.apply(from), _ -> new TreeSet<>());
                    all.forEach(one -> to.add(whole.apply(one)));
                    to.remove(whole.apply(from));
                });
        return arrows;
    }

    /** Removes what is on no circle, one after the other; the rest is on one, or leads to one. */
    private static Map<String, Set<String>> circles(Map<String, Set<String>> arrows) {
        Map<String, Set<String>> left = new TreeMap<>();
        arrows.forEach((from, to) -> left.put(from, new TreeSet<>(to)));
        left.values().forEach(to -> to.retainAll(arrows.keySet()));
        List<String> ends = new ArrayList<>();
        do {
            ends.clear();
            left.forEach(
                    (from, to) -> {
                        if (to.isEmpty()) {
                            ends.add(from);
                        }
                    });
            ends.forEach(left::remove);
            left.values().forEach(to -> to.removeAll(ends));
        } while (!ends.isEmpty());
        return left;
    }

    @Test
    void circlesAreSeen() {
        Map<String, Set<String>> arrows = new HashMap<>();
        arrows.put("a", Set.of("b"));
        arrows.put("b", Set.of("c", "d"));
        arrows.put("c", Set.of("a"));
        arrows.put("d", Set.of());
        assertThat(circles(arrows)).containsOnlyKeys("a", "b", "c");
        assertThat(uses.get(ENGINE + "read/BlockReader")).contains(ENGINE + "read/Flights");
    }

    @Test
    void roomsUseEachOtherInOneDirection() {
        Map<String, Set<String>> rooms = between(ArrowsTest::room);
        assertThat(rooms).containsKeys("volume", "ahead", "read", "fetch", "lease", "retry");
        assertThat(rooms.get("retry")).isEmpty();
        assertThat(circles(rooms)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ahead", "read", "fetch", "retry"})
    void classesOfARoomUseEachOtherInOneDirection(String room) {
        Map<String, Set<String>> inside =
                uses.entrySet().stream()
                        .filter(one -> room(one.getKey()).equals(room))
                        .collect(
                                toMap(
                                        Map.Entry::getKey,
                                        one ->
                                                one.getValue().stream()
                                                        .filter(to -> room(to).equals(room))
                                                        .collect(toSet())));
        assertThat(inside).isNotEmpty();
        assertThat(circles(inside)).isEmpty();
    }
}
