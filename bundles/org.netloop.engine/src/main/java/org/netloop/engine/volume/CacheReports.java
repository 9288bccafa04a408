package org.netloop.engine.volume;

import org.netloop.api.cache.CacheStatistics;
import org.netloop.api.status.Measures;
import org.netloop.api.status.Report;
import org.netloop.engine.read.CacheTier;

import java.util.Map;
import java.util.stream.Stream;

/** Reports of the caches that all volumes share, one for each tier that has a cache. */
final class CacheReports {
    private CacheReports() {}

    static Stream<Report> of(CacheTier tier) {
        CacheStatistics now = tier.statistics();
        return now == null ? Stream.empty() : Stream.of(report(tier.name(), now));
    }

    private static Report report(String tier, CacheStatistics now) {
        Measures measures = new Measures(Map.of("tier", tier));
        measures.gauge("netloop_cache_blocks", "blocks", "Blocks in the cache.", now.entries())
                .gauge("netloop_cache_used_bytes", "bytes", "Bytes in the cache.", now.bytes())
                .gauge("netloop_cache_budget_bytes", "bytes", "Bytes it may have.", now.budget())
                .counter("netloop_cache_lookup_hits", "", "Look-ups that found one.", now.hits())
                .counter("netloop_cache_lookup_misses", "", "Look-ups in vain.", now.misses())
                .counter("netloop_cache_evictions", "", "Blocks dropped for room.", now.evictions())
                .counter("netloop_cache_damaged", "", "Blocks dropped as damaged.", now.damaged());
        return Report.of(new Report.Part("cache tier", tier), measures.list());
    }
}
