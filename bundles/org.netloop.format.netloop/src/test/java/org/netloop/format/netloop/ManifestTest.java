package org.netloop.format.netloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.index.ImageSpec;
import org.netloop.api.transport.FetchException;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Tests what a manifest may say, and how it is refused if it says anything else. */
class ManifestTest {
    private static final int DAMAGED = 20_000;
    private static final String A = "a".repeat(64);
    private static final Digest DIGEST = Digest.ofHex(DigestAlgorithm.SHA256, A);
    private static final String GOOD =
            ("{'netloop':'image','version':1,'size':20000000,'blockLength':4096,'codec':'zstd',"
                            + "'digest':'sha256','parent':'sha256:"
                            + A
                            + "','labels':{'arch':'arm64','os':'x'},'storedBytes':77,"
                            + "'segments':[[0,'"
                            + A
                            + "',100,100,'none'],[2,'"
                            + A
                            + "',90,200,'zstd']],'bases':[['sha256:"
                            + A
                            + "']],'deltas':[[1,'"
                            + A
                            + "',50]]}\n")
                    .replace('\'', '"');

    private static Manifest parse(String text) throws FetchException {
        return Manifest.parse("it", ByteBuffer.wrap(text.getBytes(UTF_8)));
    }

    private static ImageSpec spec(String codec, Map<String, String> labels) {
        return new ImageSpec(4096, codec, DigestAlgorithm.SHA256, DIGEST, labels);
    }

    private static void refused(String text, String why) {
        assertThat(text).isNotEqualTo(GOOD);
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(FetchException.Corrupt.class)
                .hasMessageStartingWith("it")
                .hasMessageContaining(why);
    }

    @Test
    void itIsReadAndWrittenAsSpecified() throws Exception {
        Manifest expected =
                new Manifest(
                        20_000_000,
                        spec("zstd", Map.of("os", "x", "arch", "arm64")),
                        77,
                        List.of(
                                new SegmentReference(0, DIGEST, 100, 100, StoredBlock.PLAIN),
                                new SegmentReference(2, DIGEST, 90, 200, "zstd")),
                        new DeltaTables(
                                List.of(DIGEST), List.of(new DeltaTables.Table(1, DIGEST, 50))));
        assertThat(parse(GOOD)).isEqualTo(expected);
        assertThat(UTF_8.decode(expected.write()).toString()).isEqualTo(GOOD);
    }

    @Test
    void membersOfLaterPublishersAreSkipped() throws Exception {
        String more = "\"labels\":{\"arch\"";
        assertThat(parse(GOOD.replace(more, "\"new\":{\"size\":[1,{}]}," + more)))
                .isEqualTo(parse(GOOD));
        assertThat(parse(GOOD.replace("]]}", "]],\"size2\":true}"))).isEqualTo(parse(GOOD));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'image'           | 'channel'            | netloop is not 'image'",
                "'version':1,      | ``                   | version is not the second member",
                "'version':1       | 'version':'1'        | version is not a number from 0 to",
                "'size':20000000,  | ``                   | size is not there",
                "'size':20000000   | 'size':-1            | size is not a number from 0 to",
                "'size':20000000   | 'size':1.5           | size is not a number from 0 to",
                "'size':20000000   | 'size':4611686018427387904 | size is not a number from 0",
                "'size':20000000   | 'size':99999999999999999999 | size is not a number from 0",
                "'blockLength':4096 | 'blockLength':0     | blockLength is not a number from 1",
                "'blockLength':4096 | 'blockLength':5000  | block size 5000 is not a power of two",
                "'blockLength':4096 | 'blockLength':33554432 | blockLength is not a number from 1",
                "'codec':'zstd'    | 'codec':'Zstd'       | codec is not text of the form",
                "'codec':'zstd'    | 'codec':7            | codec is not text of the form",
                "'digest':'sha256' | 'digest':'md5'       | are not read in this format",
                "'digest':'sha256' | 'digest':'x'         | unknown digest algorithm 'x'",
                "'parent':'sha256: | 'parent':'sha1:      | 40 lower-case hexadecimal digits",
                "'arch':'arm64','os' | 'os':'x','arch'    | texts in the order of their names",
                "'arch':'arm64','os' | 'os':'x','os'      | texts in the order of their names",
                "'os':'x'          | 'os':1               | texts in the order of their names",
                "{'arch':'arm64','os':'x'} | []           | labels is not an object of texts",
                "'storedBytes':77  | 'storedBytes':-1     | storedBytes is not a number from 0",
                "[[0,              | [[0,0,               | segments is not text of the form",
                "[[0,              | [0,[                 | segments is not an array of arrays",
                "[2,               | [0,                  | segments is not a number from 1 to 2",
                "[2,               | [3,                  | segments is not a number from 1 to 2",
                ",100,100,'none'   | ,0,0,'none'          | segments is not a number from 1 to",
                ",100,100,'none'   | ,100,15,'zstd'       | segments is not a number from 16 to",
                ",100,100,'none'   | ,100,101,'none'      | 100 stored and 101 plain bytes",
                ",100,100,'none'   | ,100,100,'none',7    | segments is not ended here",
                "[1,               | [3,                  | deltas is not a number from 0 to 2",
                ",50]]             | ,0]]                 | deltas is not a number from 1 to",
                ",50]]             | ,50],[1,'a',5]]      | deltas is not a number from 2 to 2"
            })
    void whatIsNotAsSpecifiedIsRefused(String good, String bad, String why) {
        refused(GOOD.replace(good.replace('\'', '"'), bad.replace('\'', '"')), why);
    }

    @Test
    void whatFollowsItsEndIsRefused() {
        refused(GOOD + "{}", "continues after its end");
        refused(GOOD.replace("]]}", "]],\"size\":1}"), "size is not in its place");
        refused(GOOD.substring(0, 300), "it is malformed");
        refused("{\"netloop\":", "it is not a document of format netloop");
    }

    @Test
    void aDamagedOneIsReadOrRefusedInPlainWords() {
        Random random = new Random(5);
        for (int i = 0; i < DAMAGED; i++) {
            byte[] bytes = GOOD.getBytes(UTF_8);
            for (int n = random.nextInt(4); n >= 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                Manifest.parse("it", ByteBuffer.wrap(bytes));
            } catch (FetchException e) {
                assertThat(e.getMessage())
                        .startsWith("it")
                        .doesNotContain("Jackson", "CTRL-CHAR", "org.", "com.", "Exception");
            }
        }
    }

    @Test
    void anotherVersionNeedsAnUpdate() {
        assertThatThrownBy(() -> parse(GOOD.replace("\"version\":1", "\"version\":2")))
                .isInstanceOf(FetchException.Unsupported.class)
                .hasMessage("it is of another version than 1: update the feature format-netloop");
    }

    @Test
    void itNamesAFewBasesOnly() throws Exception {
        String base = "[\"sha256:" + A + "\"]";
        String most = base + ("," + base).repeat(DeltaTables.MOST_BASES - 1);
        assertThat(parse(GOOD.replace("[" + base + "]", "[" + most + "]")).deltas().bases())
                .hasSize(DeltaTables.MOST_BASES);
        refused(
                GOOD.replace("[" + base + "]", "[" + most + "," + base + "]"),
                "more than 32 bases");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Zstd", "zstd+", "a-codec-of-17-char"})
    void aCodecThatCannotBeReadBackIsNotWritten(String codec) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Manifest(0, spec(codec, Map.of()), 0, List.of()))
                .withMessageContaining("codec '" + codec + "' is not of form");
    }

    private static Manifest labelled(String name, String value) {
        return new Manifest(0, spec("zstd", Map.of(name, value)), 0, List.of());
    }

    @Test
    void labelsThatCannotBeReadBackAreNotWritten() throws Exception {
        Manifest longest = labelled("n".repeat(128), "\u00e4".repeat(4096));
        assertThat(Manifest.parse("it", longest.write())).isEqualTo(longest);
        assertThat(Manifest.parse("it", labelled("n", "").write())).isEqualTo(labelled("n", ""));
        for (Map.Entry<String, String> bad :
                Map.of(
                                "",
                                "value",
                                "n".repeat(129),
                                "value",
                                "long",
                                "v".repeat(4097),
                                "half",
                                "\ud800")
                        .entrySet()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> labelled(bad.getKey(), bad.getValue()))
                    .withMessageContaining(
                            "a label has a name of "
                                    + bad.getKey().length()
                                    + " and a value of "
                                    + bad.getValue().length());
        }
    }

    @Test
    void thereIsABoundOfLabels() throws Exception {
        Map<String, String> labels = new LinkedHashMap<>();
        while (labels.size() < Manifest.MAX_LABELS) {
            labels.put("n" + labels.size(), "");
        }
        Manifest most = new Manifest(0, spec("zstd", labels), 0, List.of());
        assertThat(Manifest.parse("it", most.write())).isEqualTo(most);
        labels.put("more", "");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Manifest(0, spec("zstd", labels), 0, List.of()))
                .withMessage("1025 labels are more than 1024");
    }

    @ParameterizedTest
    @CsvSource({
        "blocks/ab/ab%s, true",
        "blocks/sha512-256/ab/ab%s, true",
        "blocks/ab/ac%s, false",
        "blocks/AB/ab%s, false",
        "blocks/ab/ab, false",
        "images/ab/ab%s, false",
        "blocks/x/y/ab/ab%s, false"
    })
    void blocksAreKnownByTheirPath(String path, boolean block) {
        assertThat(Layout.isBlock(path.formatted("0".repeat(62)))).isEqualTo(block);
    }
}
