package org.netloop.cache.memory;

import org.netloop.api.cache.BlockCache;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Stored blocks in memory, for machines without a disk. There once it is configured. */
@Component(
        service = BlockCache.class,
        configurationPid = "org.netloop.cache.memory.stored",
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = BlockCache.TIER + "=" + BlockCache.TIER_STORED)
@Designate(ocd = StoredCache.Config.class)
public final class StoredCache extends DelegatingCache {
    @ObjectClassDefinition(name = "Cache of stored blocks in memory")
    @interface Config {
        @AttributeDefinition(
                name = "Budget (MiB)",
                min = "1",
                description =
                        "Memory for blocks, outside the Java heap, in MiB; may change at any"
                                + " time")
        int budget_mib() default 128;
    }

    /** Created by Declarative Services. */
    @Activate
    public StoredCache(Config config) {
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
