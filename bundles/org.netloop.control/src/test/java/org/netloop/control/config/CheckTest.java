package org.netloop.control.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

final class CheckTest {
    private static final Path FILE = Path.of("conf/root.json");
    private static final Installed INSTALLED =
            new Installed(Set.of("file", "http"), Set.of("fuse", "nbd"));
    private static final String DESCRIPTION =
            """
            <m:MetaData xmlns:m="http://www.osgi.org/xmlns/metatype/v1.2.0">
              <OCD id="v" name="Volume" description="An image">
                <AD id="name" type="String" description="its name"/>
                <AD id="reference" type="String" description="the image"/>
                <AD id="mirrors" type="String" cardinality="2147483647" required="false" default=""/>
                <AD id="mirrors.disabled" type="String" cardinality="2147483647" required="false"/>
                <AD id="patience.ms" type="Integer" min="100" default="30000" description="how long"/>
              </OCD>
              <OCD id="t" name="Transport">
                <AD id="mode" type="String" default="one">
                  <Option label="" value="one"/><Option label="" value="two"/>
                </AD>
                <AD id="flag" type="Boolean" default="false"/>
              </OCD>
              <Designate factoryPid="org.netloop.volume"><Object ocdref="v"/></Designate>
              <OCD id="o" name="Overlay">
                <AD id="name" type="String"/>
              </OCD>
              <OCD id="a" name="Attachment">
                <AD id="volume" type="String"/>
                <AD id="frontend" type="String"/>
                <AD id="place" type="String"/>
              </OCD>
              <Designate factoryPid="org.netloop.overlay"><Object ocdref="o"/></Designate>
              <Designate factoryPid="org.netloop.attachment"><Object ocdref="a"/></Designate>
              <Designate pid="org.netloop.transport.x"><Object ocdref="t"/></Designate>
            </m:MetaData>
            """;
    private static final String VOLUME =
            """
            {
              "org.netloop.volume~root": {
                "name": "root",
                "reference": "http://a/root/",
                "mirrors": ["http://b/root/"],
                "patience.ms": 500
              }
            }
            """;

    private static Schema schema() throws IOException {
        return new Schema(
                Schema.read(
                        new ByteArrayInputStream(DESCRIPTION.getBytes(StandardCharsets.UTF_8))));
    }

    private static List<String> problems(String text) throws IOException {
        return Check.problems(ConfigFiles.of(Map.of(FILE, text)), schema(), INSTALLED).stream()
                .map(Problem::toString)
                .toList();
    }

    @Test
    void whatIsRightHasNoProblem() throws IOException {
        assertThat(problems(VOLUME)).isEmpty();
    }

    @Test
    void anOverlayIsAVolumeThatCanBeAttached() throws IOException {
        String text =
                """
                {
                  "org.netloop.overlay~top": { "name": "top" },
                  "org.netloop.attachment~a": {
                    "volume": "%s", "frontend": "nbd", "place": "unix:/run/top.sock" }
                }
                """;
        assertThat(problems(text.formatted("top"))).isEmpty();
        assertThat(problems(text.formatted("tip")).toString())
                .contains("no volume is called 'tip'");
    }

    @Test
    void aNameThatNoVolumeHasIsToldWithThoseThereAre() {
        assertThat(Check.noVolume("rot", List.of("data", "root")))
                .hasMessage("no volume is called 'rot'; there are data, root");
        assertThat(Check.noVolume("rot", List.of()))
                .hasMessage("no volume is called 'rot'; there are none");
    }

    @Test
    void anUnknownKeyIsFoundByItsLine() throws IOException {
        assertThat(problems(VOLUME.replace("patience.ms", "patience_ms")))
                .containsExactly(
                        "conf/root.json:6: org.netloop.volume~root/patience_ms: there is no such"
                                + " key; there are name, reference, mirrors, mirrors.disabled,"
                                + " patience.ms");
    }

    @Test
    void aValueOfTheWrongTypeOrRangeIsFound() throws IOException {
        assertThat(problems(VOLUME.replace("500", "99")))
                .singleElement()
                .asString()
                .contains(":6:", "99, where a whole number of at least 100 is expected");
        assertThat(problems(VOLUME.replace("500", "\"500\"")))
                .singleElement()
                .asString()
                .contains("\"500\", where a whole number");
        assertThat(problems(VOLUME.replace("500", "99999999999"))).hasSize(1);
        assertThat(problems("{\"org.netloop.transport.x\": {\"mode\": \"three\", \"flag\": 1}}"))
                .hasSize(2)
                .anyMatch(problem -> problem.contains("where one of one, two is expected"))
                .anyMatch(problem -> problem.contains("1, where true or false is expected"));
    }

    @Test
    void aMirrorThatNoTransportReadsIsFound() throws IOException {
        assertThat(problems(VOLUME.replace("http://b", "gopher://b")))
                .singleElement()
                .asString()
                .contains(
                        ":5:",
                        "no transport reads gopher://b/root/",
                        "no known feature provides it");
    }

    @Test
    void aVolumeKeepsAMirrorToAsk() throws IOException {
        String disabled =
                VOLUME.replace(
                        "\"patience.ms\": 500",
                        "\"mirrors.disabled\": [\"http://a/root/\", \"http://b/root/\"]");
        assertThat(problems(disabled)).singleElement().asString().contains("no mirror is left");
    }

    @Test
    void whatIsNoJsonIsFoundByItsLine() throws IOException {
        assertThat(problems(VOLUME.replace("500", "oops")))
                .singleElement()
                .asString()
                .startsWith("conf/root.json:6:");
        assertThat(problems(VOLUME.replace("500", "{}")))
                .singleElement()
                .asString()
                .contains("neither text, number, flag nor a list");
    }

    @Test
    void onePidInTwoFilesIsFound() throws IOException {
        ConfigFiles files = ConfigFiles.of(Map.of(FILE, VOLUME, Path.of("conf/z.json"), VOLUME));
        assertThat(Check.problems(files, schema(), INSTALLED))
                .singleElement()
                .asString()
                .contains("configured in conf/root.json:2 already");
    }

    @Test
    void anEditChangesOneValueAndNothingElse() throws IOException {
        ConfigFiles files = ConfigFiles.of(Map.of(FILE, VOLUME));
        Entry entry = files.entries().getFirst();
        assertThat(Edit.set(VOLUME, entry, "mirrors", List.of("http://c/", "http://d/")))
                .isEqualTo(VOLUME.replace("[\"http://b/root/\"]", "[\"http://c/\",\"http://d/\"]"));
        assertThat(Edit.set(VOLUME, entry, "name", "other"))
                .isEqualTo(VOLUME.replace("\"name\": \"root\"", "\"name\": \"other\""));
        assertThat(Edit.set(VOLUME, entry, "mirrors.disabled", List.of("http://b/root/")))
                .isEqualTo(
                        VOLUME.replace(
                                "500", "500,\n    \"mirrors.disabled\": [\"http://b/root/\"]"));
    }

    @Test
    void whateverIsInAFileIsAnsweredByProblems() throws IOException {
        Random random = new Random(3);
        Schema schema = schema();
        for (int i = 0; i < 100_000; i++) {
            StringBuilder text = new StringBuilder(VOLUME);
            for (int edits = random.nextInt(4); edits >= 0; edits--) {
                text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(128));
            }
            ConfigFiles files = ConfigFiles.of(Map.of(FILE, text.toString()));
            Check.problems(files, schema, INSTALLED)
                    .forEach(
                            problem -> {
                                assertThat(problem.line()).isPositive();
                                assertThat(problem.what())
                                        .doesNotContain("Jackson", "CTRL-CHAR")
                                        .doesNotContain("com.", "Exception");
                            });
        }
    }
}
