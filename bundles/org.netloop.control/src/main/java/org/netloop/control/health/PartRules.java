package org.netloop.control.health;

import org.netloop.api.health.Finding;
import org.netloop.api.health.HealthStatus;
import org.netloop.api.status.Measure;
import org.netloop.api.status.Report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rules by which the reports of parts are judged. */
final class PartRules {
    private static final String VOLUME = "volume";
    private static final String ATTACHMENT = "attachment";
    private static final String CONDITION = "netloop_mirror_condition";
    private static final Set<String> MOUNTS = Set.of(VOLUME, ATTACHMENT);

    private PartRules() {}

    /** Volumes that are not open. */
    static List<Finding> volumes(List<Report> reports) {
        return parts(
                reports,
                VOLUME,
                "check its reference and mirrors: netloop volume ls, netloop mirror ls");
    }

    /** Attachments that clients do not find, for want of a frontend or a volume. */
    static List<Finding> attachments(List<Report> reports) {
        return parts(
                reports,
                ATTACHMENT,
                "check its place and that the feature of its frontend is installed");
    }

    private static List<Finding> parts(List<Report> reports, String kind, String advice) {
        return reports.stream()
                .filter(report -> report.kind().equals(kind))
                .filter(report -> report.state() != Report.State.GOOD)
                .map(report -> finding(status(report.state()), report, advice))
                .toList();
    }

    private static HealthStatus status(Report.State state) {
        return switch (state) {
            case GOOD -> HealthStatus.OK;
            case WAITING, QUARANTINED -> HealthStatus.TEMPORARILY_UNAVAILABLE;
            case FAILED -> HealthStatus.CRITICAL;
        };
    }

    private static Finding finding(HealthStatus status, Report report, String advice) {
        String message =
                report.message().isEmpty() ? "it is " + Words.of(report.state()) : report.message();
        return new Finding(status, report.kind() + " " + report.name(), message, advice);
    }

    /** Backends, reporters and other parts that failed or were set aside. */
    static List<Finding> plugins(List<Report> reports) {
        return reports.stream()
                .filter(report -> !MOUNTS.contains(report.kind()))
                .filter(report -> report.state() != Report.State.GOOD)
                .map(
                        report ->
                                finding(
                                        HealthStatus.WARN,
                                        report,
                                        "see the log; update or roll back its bundle"))
                .toList();
    }

    /** Volumes some or all of whose mirrors are in trouble. */
    static List<Finding> mirrors(List<Report> reports) {
        List<Finding> findings = new ArrayList<>();
        for (Report report : reports) {
            if (report.kind().equals(VOLUME)) {
                Map<String, String> conditions = new LinkedHashMap<>();
                for (Measure measure : report.measures()) {
                    if (measure.name().equals(CONDITION) && !measure.text().equals("DISABLED")) {
                        conditions.put(measure.labels().getOrDefault("mirror", ""), measure.text());
                    }
                }
                findings.addAll(mirrors(report.name(), conditions));
            }
        }
        return findings;
    }

    private static List<Finding> mirrors(String volume, Map<String, String> conditions) {
        List<String> bad =
                conditions.entrySet().stream()
                        .filter(mirror -> !mirror.getValue().equals("GOOD"))
                        .map(mirror -> mirror.getKey() + " is " + Words.of(mirror.getValue()))
                        .toList();
        if (bad.isEmpty()) {
            return List.of();
        }
        boolean all = bad.size() == conditions.size();
        return List.of(
                new Finding(
                        all ? HealthStatus.TEMPORARILY_UNAVAILABLE : HealthStatus.WARN,
                        "mirrors of volume " + volume,
                        (all ? "none is good: " : "") + String.join(", ", bad),
                        "check the network and the mirror: netloop mirror ls " + volume));
    }
}
