package org.netloop.control.verbs;

import org.netloop.api.control.ControlRequest;
import org.netloop.api.control.ControlVerb;
import org.netloop.control.features.FeatureManager;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** {@code feature.ls}, {@code feature.add} and {@code feature.remove}. */
public final class FeatureVerb implements ControlVerb {
    /** The verbs it answers. */
    public static final List<String> NAMES = List.of("feature.ls", "feature.add", "feature.remove");

    private static final String FEATURE = "feature";

    private final FeatureManager features;

    /** Creates the verb of a running deployment. */
    public FeatureVerb(FeatureManager features) {
        this.features = features;
    }

    /** Each bundle of a change has a limit of its own, and changes wait for each other. */
    @Override
    public Duration limit() {
        return LONGEST_LIMIT;
    }

    @Override
    public boolean isChange(ControlRequest request) {
        return !request.verb().equals("feature.ls");
    }

    @Override
    public Map<String, ?> answer(ControlRequest request) throws IOException, InterruptedException {
        return switch (request.verb()) {
            case "feature.add" -> features.add(request.text(FEATURE), flag(request, "dry-run"));
            case "feature.remove" ->
                    features.remove(
                            request.text(FEATURE),
                            flag(request, "dry-run"),
                            flag(request, "force"));
            default -> Map.of("features", features.list());
        };
    }

    private static boolean flag(ControlRequest request, String member) {
        return Boolean.TRUE.equals(request.members().get(member));
    }
}
