package org.netloop.cache.redis;

import org.netloop.api.status.Durations;
import org.netloop.api.status.Measures;

import java.util.concurrent.atomic.LongAdder;

/** Counters and times of a shared cache. Thread-safe. */
final class Figures {
    final LongAdder hits = new LongAdder();
    final LongAdder misses = new LongAdder();
    final LongAdder failures = new LongAdder();
    final LongAdder busy = new LongAdder();
    final LongAdder wrong = new LongAdder();
    final LongAdder puts = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder setAside = new LongAdder();

    /** Time of look-ups that had an answer. */
    final Durations lookUps = new Durations();

    void measure(Measures measures) {
        measures.counter("netloop_shared_cache_hits", "", "Look-ups that found one.", hits.sum())
                .counter(
                        "netloop_shared_cache_misses",
                        "",
                        "Look-ups in vain, for whatever reason.",
                        misses.sum())
                .counter(
                        "netloop_shared_cache_failures",
                        "",
                        "Calls without an answer in time.",
                        failures.sum())
                .counter(
                        "netloop_shared_cache_busy_lookups",
                        "",
                        "Look-ups for which no connection was free in time.",
                        busy.sum())
                .counter(
                        "netloop_shared_cache_wrong_blocks",
                        "blocks",
                        "Blocks dropped there because their bytes were wrong.",
                        wrong.sum())
                .counter(
                        "netloop_shared_cache_sent_blocks",
                        "blocks",
                        "Blocks that the server took.",
                        puts.sum())
                .counter(
                        "netloop_shared_cache_refused_blocks",
                        "blocks",
                        "Blocks that the server refused.",
                        refused.sum())
                .counter(
                        "netloop_shared_cache_set_aside",
                        "",
                        "Times that it was set aside because it was late, gone or wrong.",
                        setAside.sum())
                .durations(
                        "netloop_shared_cache_lookup_seconds",
                        "Time of look-ups that had an answer.",
                        lookUps);
    }
}
