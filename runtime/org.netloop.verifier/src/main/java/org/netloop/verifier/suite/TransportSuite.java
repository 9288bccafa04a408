package org.netloop.verifier.suite;

import org.netloop.api.transport.Schemes;
import org.netloop.api.transport.Transport;
import org.netloop.tck.PatienceContract;
import org.netloop.verifier.Subject;

import java.util.List;

/** What every {@link Transport} promises without an object to fetch, of the service under test. */
public final class TransportSuite extends PatienceContract {

    /** For JUnit. */
    public TransportSuite() {}

    @Override
    protected Transport transport() {
        return Subject.as(Transport.class);
    }

    @Override
    protected List<String> schemes() {
        return Schemes.of(Subject.property(Transport.SCHEMES));
    }
}
