package org.netloop.engine.volume;

import org.netloop.api.mirror.MirroredRepositories;
import org.netloop.api.mirror.MirroredRepository;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/** Repositories over the backends of the engine. */
@Component(service = MirroredRepositories.class)
public final class OpenRepositories implements MirroredRepositories {
    private final Engine engine;

    /** Created by Declarative Services. */
    @Activate
    public OpenRepositories(@Reference Engine engine) {
        this.engine = engine;
    }

    @Override
    public MirroredRepository open(List<URI> mirrors, Duration patience) {
        return engine.opener().repository(mirrors, patience);
    }
}
