package org.netloop.api.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.netloop.api.cache.BlockCache;
import org.netloop.api.codec.Codec;
import org.netloop.api.command.Command;
import org.netloop.api.control.ControlVerb;
import org.netloop.api.transport.Transport;

import java.util.List;
import java.util.Map;

class ServiceRulesTest {
    private static List<String> problems(Class<?> contract, Map<String, ?> properties) {
        return ServiceRules.problems(contract.getName(), properties::get);
    }

    @Test
    void aServiceHasThePropertiesOfItsContract() {
        assertThat(problems(BlockCache.class, Map.of(BlockCache.TIER, "stored"))).isEmpty();
        assertThat(problems(BlockCache.class, Map.of(BlockCache.TIER, "plain"))).isEmpty();
        assertThat(problems(BlockCache.class, Map.of(BlockCache.TIER, "shared"))).isEmpty();
        assertThat(problems(Transport.class, Map.of(Transport.SCHEMES, List.of("s3", "x+y"))))
                .isEmpty();
        assertThat(problems(Command.class, Map.of(Command.NAME, "fold"))).isEmpty();
        assertThat(problems(ControlVerb.class, Map.of(ControlVerb.NAME, "fold"))).isEmpty();
        assertThat(problems(Codec.class, Map.of())).isEmpty();
    }

    @Test
    void aPropertyThatIsMissingIsNamed() {
        assertThat(problems(BlockCache.class, Map.of()))
                .containsExactly(
                        "org.netloop.api.cache.BlockCache needs the service property"
                                + " netloop.cache.tier");
        assertThat(problems(Transport.class, Map.of()))
                .containsExactly(
                        "org.netloop.api.transport.Transport needs the service property"
                                + " netloop.transport.schemes");
        assertThat(problems(Command.class, Map.of()))
                .containsExactly(
                        "org.netloop.api.command.Command needs the service property"
                                + " netloop.command");
        assertThat(problems(ControlVerb.class, Map.of()))
                .containsExactly(
                        "org.netloop.api.control.ControlVerb needs the service property"
                                + " netloop.verb");
    }

    @Test
    void aValueThatNobodyAsksForIsNamed() {
        assertThat(problems(BlockCache.class, Map.of(BlockCache.TIER, "near")))
                .singleElement()
                .asString()
                .contains("has the tier 'near', which does not exist");
        assertThat(problems(Transport.class, Map.of(Transport.SCHEMES, List.of("s3", "HTTP:"))))
                .singleElement()
                .asString()
                .endsWith("serves 'HTTP:', which no URI starts with");
    }

    @Test
    void theInnermostCauseIsTold() {
        Exception inner = new IllegalStateException("no disk");
        assertThat(RootCause.of(new RuntimeException("outer", new Exception("middle", inner))))
                .isEqualTo("IllegalStateException: no disk");
        assertThat(RootCause.of(inner)).isEqualTo("IllegalStateException: no disk");
        assertThat(RootCause.of("")).isEmpty();
    }

    @Test
    void aClassOfANewerJavaIsTold() {
        assertThat(
                        RootCause.of(
                                "x\nCaused by: java.lang.UnsupportedClassVersionError:"
                                        + " com/example/Fold has been compiled by a more recent"
                                        + " version (class file version 143.0)\n\tat y"))
                .startsWith("com.example.Fold was compiled for Java 99, and Java ")
                .contains("maven.compiler.release");
    }
}
