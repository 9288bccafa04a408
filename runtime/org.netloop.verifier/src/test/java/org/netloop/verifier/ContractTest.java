package org.netloop.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tests that a plugin with a service of any documented contract is one. */
class ContractTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| \\[([^]]+)]\\(#");
    private static final Pattern NAME = Pattern.compile("`([a-z]+\\.)?([A-Z]\\w+)`");

    private static List<String> documented() throws IOException {
        String guide = Files.readString(Path.of("../../docs/plugins.md"));
        List<String> types = new ArrayList<>();
        for (Matcher row = ROW.matcher(guide); row.find(); ) {
            for (Matcher name = NAME.matcher(row.group(1)); name.find(); ) {
                types.add("org.netloop.api." + name.group(1) + name.group(2));
            }
        }
        return types;
    }

    @Test
    void theGuideNamesContractsThatAreKnown() throws IOException {
        assertThat(documented()).contains("org.netloop.api.health.HealthCheck").hasSize(13);
        assertThat(documented()).allMatch(type -> Contract.of(type).isPresent());
    }
}
