package org.netloop.cache.memory;

import org.netloop.api.cache.BlockCache;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Plain blocks, near the reader. There without any configuration. */
@Component(
        service = BlockCache.class,
        configurationPid = "org.netloop.cache.memory.plain",
        property = BlockCache.TIER + "=" + BlockCache.TIER_PLAIN)
@Designate(ocd = PlainCache.Config.class)
public final class PlainCache extends DelegatingCache {
    @ObjectClassDefinition(name = "Cache of plain blocks")
    @interface Config {
        @AttributeDefinition(
                name = "Budget (MiB)",
                min = "1",
                description =
                        "Memory for blocks, outside the Java heap, in MiB; may change at any"
                                + " time")
        int budget_mib() default 80;
    }

    /** Created by Declarative Services. */
    @Activate
    public PlainCache(Config config) {
        super(config.budget_mib());
    }

    @Modified
    void change(Config config) {
        budget(config.budget_mib());
    }

    @Deactivate
    void stop() {
        close();
    }
}
