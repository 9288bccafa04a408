package com.example.homeland;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.netloop.api.mirror.MirrorPolicy;
import org.netloop.api.mirror.MirrorState;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.tck.MirrorPolicyContract;

import java.util.List;

/** The policy keeps what its contract promises: most tests are inherited. */
class HomelandPolicyTest extends MirrorPolicyContract {
    @Override
    protected MirrorPolicy policy() {
        return new HomelandPolicy(".de");
    }

    @Test
    void oneOfTheCountryComesFirst() {
        MirrorState abroad = mirror("a.example.fr", 1, 1e7, MirrorState.Condition.GOOD);
        MirrorState own = mirror("b.example.de", 100, 1e7, MirrorState.Condition.GOOD);
        assertThat(policy().order(List.of(abroad, own), FetchPurpose.DEMAND, 1000))
                .containsExactly(own, abroad);
    }
}
