package org.netloop.engine.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.netloop.engine.fetch.Ballot.Vote;

import java.net.URI;
import java.nio.ByteBuffer;

/** Tests which mirror's root is elected. */
class BallotTest {
    private static Vote vote(int content, long sequence) {
        return new Vote(
                ByteBuffer.wrap(new byte[] {(byte) content}), URI.create("test://m/"), sequence);
    }

    @Test
    void theFirstInOrderDecidesWhereAllDiffer() {
        Ballot ballot = new Ballot(3, 3);
        ballot.put(1, vote(7, 1000));
        assertThat(ballot.elected()).isNull();
        ballot.put(2, vote(8, 2000));
        assertThat(ballot.elected()).isNull();
        assertThat(ballot.isOpen()).isTrue();
        ballot.put(0, vote(1, 9));
        assertThat(ballot.isOpen()).isFalse();
        assertThat(ballot.elected()).isEqualTo(vote(1, 9));
    }

    @Test
    void aStaleFirstMirrorIsOutvotedByAMajority() {
        Ballot ballot = new Ballot(3, 3);
        ballot.put(0, vote(1, 8));
        assertThat(ballot.isOpen()).isTrue();
        ballot.put(1, vote(2, 9));
        ballot.put(2, vote(2, 9));
        assertThat(ballot.elected()).isEqualTo(vote(2, 9));
    }

    @Test
    void aFirstMirrorThatIsAheadOfAllOthersIsBelieved() {
        Ballot ballot = new Ballot(3, 3);
        ballot.put(0, vote(1, 10));
        ballot.put(1, vote(2, 9));
        ballot.put(2, vote(2, 9));
        assertThat(ballot.elected()).isEqualTo(vote(1, 10));
    }

    @Test
    void ofRootsThatAreEquallyNewTheMajoritysIsElected() {
        Ballot ballot = new Ballot(3, 3);
        ballot.put(0, vote(1, 9));
        ballot.put(1, vote(2, 9));
        ballot.put(2, vote(2, 9));
        assertThat(ballot.elected()).isEqualTo(vote(2, 9));
    }

    @Test
    void theNextIsFirstOnlyOnceTheOneBeforeItFailed() {
        Ballot ballot = new Ballot(3, 3);
        ballot.put(1, vote(5, 1));
        assertThat(ballot.elected()).isNull();
        ballot.put(0, null);
        assertThat(ballot.elected()).isEqualTo(vote(5, 1));
    }

    @Test
    void thoseThatCannotBeAskedCountAgainstAMajority() {
        Ballot ballot = new Ballot(2, 5);
        ballot.put(1, vote(5, 9));
        ballot.put(0, vote(4, 1));
        assertThat(ballot.elected()).isEqualTo(vote(4, 1));
    }

    @Test
    void nobodyIsElectedWhereAllFailed() {
        Ballot ballot = new Ballot(3, 3);
        for (int place = 0; place < 3; place++) {
            ballot.put(place, null);
        }
        assertThat(ballot.isOpen()).isFalse();
        assertThat(ballot.elected()).isNull();
    }
}
