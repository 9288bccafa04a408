package org.netloop.control.features;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The effect that adding or removing a feature has.
 *
 * @param bundles that come or go
 * @param bytes of their jars
 * @param breaks what would not work any more, or would not resolve, a sentence each
 * @param notes what else to know, a sentence each
 */
record Plan(List<Part> bundles, long bytes, List<String> breaks, List<String> notes) {

    /**
     * A bundle that comes or goes.
     *
     * @param name its symbolic name
     * @param version its version
     * @param bytes of its jar
     * @param services contracts that it provides
     */
    record Part(String name, String version, long bytes, List<String> services) {}

    Plan(List<Part> bundles, List<String> breaks, List<String> notes) {
        this(bundles, bundles.stream().mapToLong(Part::bytes).sum(), breaks, notes);
    }

    Map<String, Object> members(String message) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Part part : bundles) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("name", part.name());
            row.put("version", part.version());
            row.put("bytes", part.bytes());
            row.put("services", part.services());
            rows.add(row);
        }
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("bundles", rows);
        members.put("bytes", bytes);
        members.put("breaks", breaks);
        members.put("notes", notes);
        members.put("message", message);
        return members;
    }
}
