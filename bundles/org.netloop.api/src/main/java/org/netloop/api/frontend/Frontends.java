package org.netloop.api.frontend;

import org.jspecify.annotations.Nullable;
import org.netloop.api.message.FeatureHint;
import org.netloop.api.volume.Volume;

import java.io.IOException;
import java.util.List;

/** Finds a frontend among those that are registered. Stateless. */
public final class Frontends {
    private Frontends() {}

    /**
     * Attaches a volume by the first of some frontends that can be used on this machine.
     *
     * @param registered the frontends that are there
     * @param ids the ids to try, the preferred one first; those that are not registered are passed
     *     over
     * @throws IOException if none is registered or can be used, saying why for each, or if the one
     *     that can does not attach it
     */
    public static Attachment attach(
            List<Frontend> registered, List<String> ids, Volume volume, AttachmentSpec spec)
            throws IOException {
        FrontendUnavailableException first = null;
        for (Frontend frontend : present(registered, ids)) {
            try {
                return frontend.attach(volume, spec);
            } catch (FrontendUnavailableException e) {
                first = join(first, e);
            }
        }
        if (first != null) {
            throw first;
        }
        return find(registered, ids.getLast()).attach(volume, spec);
    }

    private static List<Frontend> present(List<Frontend> registered, List<String> ids) {
        return ids.stream()
                .flatMap(id -> registered.stream().filter(frontend -> frontend.id().equals(id)))
                .toList();
    }

    /** Adds a failure to those before it, unless it has the same reason. */
    private static FrontendUnavailableException join(
            @Nullable FrontendUnavailableException before, FrontendUnavailableException next) {
        if (before == null || before.reason().equals(next.reason())) {
            return before == null ? next : before;
        }
        return new FrontendUnavailableException(
                before.frontend(), before.reason() + "; " + next.getMessage(), next);
    }

    /**
     * Returns the frontend of an id.
     *
     * @param registered the frontends that are there
     * @throws IOException if none has the id; the message names the feature to install
     */
    public static Frontend find(List<Frontend> registered, String id) throws IOException {
        return registered.stream()
                .filter(frontend -> frontend.id().equals(id))
                .findFirst()
                .orElseThrow(
                        () -> new IOException(FeatureHint.absent("no frontend", "frontend", id)));
    }
}
