package org.netloop.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.control.ControlRequest;
import org.netloop.api.control.ControlVerb;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Obligations of every {@link ControlVerb}. */
@Timeout(60)
public abstract class ControlVerbContract {
    private static final int ROUNDS = 500;
    private static final int DEPTH = 32;
    private static final String[] NAMES = {"name", "volume", "image", "do", ""};

    /** Returns the verb under test. */
    protected abstract ControlVerb verb();

    /** Returns requests that it answers: at least one for each verb it has. */
    protected abstract List<ControlRequest> good();

    @Test
    void itsLimitIsPositiveAndKept() {
        assertThat(verb().limit()).isPositive().isLessThanOrEqualTo(ControlVerb.LONGEST_LIMIT);
    }

    @Test
    void whatItAnswersCanBeSent() throws Exception {
        for (ControlRequest request : good()) {
            long begin = System.nanoTime();
            Map<String, ?> answer = verb().answer(request);
            Duration took = Duration.ofNanos(System.nanoTime() - begin);
            assertThat(took).isLessThan(verb().limit());
            assertPlain(answer, DEPTH);
        }
    }

    private static void assertPlain(@Nullable Object value, int depth) {
        assertThat(depth).as("the depth that is left").isPositive();
        switch (value) {
            case null -> {}
            case String _, Number _, Boolean _ -> {}
            case Map<?, ?> map -> {
                assertThat(map.keySet()).allMatch(String.class::isInstance);
                map.values().forEach(each -> assertPlain(each, depth - 1));
            }
            case Collection<?> all -> all.forEach(each -> assertPlain(each, depth - 1));
            default -> fail("the answer has a value of " + value.getClass());
        }
    }

    @Test
    void aMalformedRequestIsRefusedInASentence() {
        Random random = new Random(2006);
        for (ControlRequest request : good()) {
            for (int i = 0; i < ROUNDS; i++) {
                assertAnsweredOrRefused(
                        new ControlRequest(request.verb(), members(request, random)));
            }
        }
    }

    private void assertAnsweredOrRefused(ControlRequest request) {
        try {
            verb().answer(request);
        } catch (IOException | IllegalArgumentException e) {
            assertThat(e.getMessage()).as("%s", request).isNotBlank();
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts it", e);
        }
    }

    private static Map<String, @Nullable Object> members(ControlRequest request, Random random) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>(request.members());
        List<String> names = new ArrayList<>(members.keySet());
        names.addAll(List.of(NAMES));
        String name = names.get(random.nextInt(names.size()));
        if (random.nextBoolean()) {
            members.remove(name);
        } else {
            members.put(name, odd(random));
        }
        return members;
    }

    private static @Nullable Object odd(Random random) {
        return switch (random.nextInt(7)) {
            case 0 -> null;
            case 1 -> -1L;
            case 2 -> Double.NaN;
            case 3 -> List.of(Map.of());
            case 4 -> "\u001b[2J\n";
            case 5 -> "x".repeat(1 << 16);
            default -> true;
        };
    }
}
