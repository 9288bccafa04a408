package org.netloop.console;

import org.netloop.api.status.Measure;
import org.netloop.api.status.Measures;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.Map;

/** Measures of the process itself: its memory, threads and garbage collectors. */
final class Process {
    private static final double MILLIS = 1e3;

    private Process() {}

    static List<Measure> measures() {
        Measures measures = new Measures(Map.of());
        memory("heap", ManagementFactory.getMemoryMXBean().getHeapMemoryUsage(), measures);
        memory("other", ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage(), measures);
        for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            measures.with("pool", pool.getName())
                    .gauge(
                            "netloop_process_buffer_bytes",
                            "bytes",
                            "Bytes of direct and mapped buffers.",
                            pool.getMemoryUsed());
        }
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            measures.with("collector", collector.getName())
                    .counter(
                            "netloop_process_collections",
                            "",
                            "Garbage collections.",
                            Math.max(0, collector.getCollectionCount()))
                    .gauge(
                            "netloop_process_collecting_seconds",
                            "seconds",
                            "Time of all garbage collections.",
                            Math.max(0, collector.getCollectionTime()) / MILLIS);
        }
        return measures.gauge(
                        "netloop_process_threads",
                        "",
                        "Platform threads.",
                        ManagementFactory.getThreadMXBean().getThreadCount())
                .gauge(
                        "netloop_process_uptime_seconds",
                        "seconds",
                        "Time since the start.",
                        ManagementFactory.getRuntimeMXBean().getUptime() / MILLIS)
                .list();
    }

    private static void memory(String area, MemoryUsage usage, Measures measures) {
        Measures labelled = measures.with("area", area);
        labelled.gauge(
                "netloop_process_memory_used_bytes",
                "bytes",
                "Bytes in use by the virtual machine.",
                usage.getUsed());
        if (usage.getMax() >= 0) {
            labelled.gauge(
                    "netloop_process_memory_limit_bytes",
                    "bytes",
                    "Bytes that it may use.",
                    usage.getMax());
        }
    }
}
