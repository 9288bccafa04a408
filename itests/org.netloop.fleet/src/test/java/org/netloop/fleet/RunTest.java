package org.netloop.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

final class RunTest {
    private static final Place PLACE = Place.parse("here:8:100:1000:1000:100000:1");
    private static final Trace TRACE = Trace.synthetic(60, 6e6, 3, 14);
    private static final Trace UNPAUSED = Trace.synthetic(60, 6e6, 0, 14);
    private static final Run.Clock AT_ONCE = new Run.Clock(0, 128, 14);

    private static Outcome outcome(Kind kind, int machines, Run.Clock clock) {
        return new Run(PLACE, kind, TRACE, machines, clock).outcome();
    }

    /** Returns what machines come to that start at once, and whose systems never pause. */
    private static Outcome unpaused(Kind kind, int machines) {
        return new Run(PLACE, kind, UNPAUSED, machines, AT_ONCE).outcome();
    }

    /** Opening, one request, and then the link is full until the end: 6 MB at 1 MB/s. */
    @Test
    void oneMachineAloneTakesWhatTheLinkTakes() {
        Outcome one = unpaused(Kind.NONE, 1);
        assertThat(one.last()).isEqualTo(0.5 + 0.1 + UNPAUSED.stored() / 1e6, within(0.01));
        assertThat(one.distant()).isEqualTo(UNPAUSED.stored(), within(1.0));
    }

    @Test
    void withoutAProfileEachBlockTakesItsRoundTripItsBytesAndItsPause() {
        Outcome one = outcome(Kind.NONE, 1, new Run.Clock(0, 0, 14));
        double waits = TRACE.blocks() * 0.1 + TRACE.stored() / 1e6;
        assertThat(one.last()).isEqualTo(TRACE.shortest() + waits, within(0.6));
    }

    @Test
    void machinesWithoutACacheShareTheLink() {
        Outcome ten = unpaused(Kind.NONE, 10);
        assertThat(ten.distant()).isEqualTo(10 * UNPAUSED.stored(), within(10.0));
        assertThat(ten.last()).isEqualTo(0.6 + 10 * UNPAUSED.stored() / 1e6, within(0.1));
        assertThat(ten.first()).isGreaterThan(0.9 * ten.last());
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"NONE", "REDIS", "TORRENT"})
    void whatKeepsMachinesFromAskingTwiceFetchesEachBlockOnce(Kind kind) {
        assertThat(outcome(kind, 40, new Run.Clock(5, 128, 14)).distant())
                .isEqualTo(TRACE.stored(), within(1.0));
    }

    @ParameterizedTest
    @EnumSource
    void everyMachineComesUpAndTheSameSeedGivesTheSameRun(Kind kind) {
        Run.Clock clock = new Run.Clock(5, 16, 14);
        Outcome outcome = outcome(kind, 300, clock);
        assertThat(outcome.first()).isGreaterThanOrEqualTo(TRACE.shortest() - 1e-6);
        assertThat(outcome.last()).isGreaterThanOrEqualTo(outcome.median());
        assertThat(outcome.distant()).isBetween(TRACE.stored() - 1, 300 * TRACE.stored() + 1);
        assertThat(outcome(kind, 300, clock)).isEqualTo(outcome);
    }

    /** The web seed's requests follow each other, and fill the link as a plain download does. */
    @Test
    void oneMemberOfASwarmDownloadsAtTheRateOfTheLink() {
        assertThat(unpaused(Kind.TORRENT, 1).last())
                .isEqualTo(0.6 + UNPAUSED.stored() / 1e6, within(0.05));
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "TORRENT")
    void joinedBlocksChangeLittle(Kind kind) {
        Outcome fine = outcome(kind, 50, new Run.Clock(5, 20, 14));
        Outcome coarse =
                new Run(PLACE, kind, TRACE.joined(2), 50, new Run.Clock(5, 10, 14)).outcome();
        assertThat(coarse.last()).isCloseTo(fine.last(), withinPercentage(15));
    }

    /** Waiting requests of nginx look every half second, those of Varnish are told. */
    @Test
    void whoLooksNowAndThenWaitsLonger() {
        double told = outcome(Kind.VARNISH, 10, AT_ONCE).last();
        assertThat(outcome(Kind.NGINX, 10, AT_ONCE).last()).isBetween(told, told + 0.51);
    }

    @Test
    void outcomesAreWrittenAndDrawn() {
        List<Outcome> outcomes =
                List.of(outcome(Kind.NONE, 1, AT_ONCE), outcome(Kind.NONE, 10, AT_ONCE));
        assertThat(Report.table(outcomes, TRACE.stored()))
                .contains("| here | no site cache | 10 |");
        assertThat(Report.json(outcomes)).contains("\"machines\": 10, \"distantBytes\": ");
        assertThat(Plot.of(outcomes)).startsWith("<svg").endsWith("</svg>\n").doesNotContain("NaN");
    }

    @Test
    void aTraceIsReadFromLinesOfMillisecondsAndBytes(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("trace"), "100 5000\n350 7000\n");
        Trace trace = Trace.read(file);
        assertThat(trace.pauses()).containsExactly(new double[] {0.1, 0.25}, within(1e-9));
        assertThat(trace.bytes()).containsExactly(5000, 7000);
    }

    @Test
    void aSyntheticTraceHasTheSumsItWasToldOf() {
        Trace trace = Trace.synthetic(540, 43.9e6, 14.6, 1);
        assertThat(trace.blocks()).isEqualTo(540);
        assertThat(trace.shortest()).isEqualTo(14.6, within(1e-6));
        assertThat(trace.stored()).isEqualTo(43.9e6, within(2e6));
    }
}
