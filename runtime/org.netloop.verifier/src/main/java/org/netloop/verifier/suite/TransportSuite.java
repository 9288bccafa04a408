package org.netloop.verifier.suite;

import org.netloop.api.transport.Schemes;
import org.netloop.api.transport.Transport;
import org.netloop.tck.PatienceContract;
import org.netloop.verifier.Subject;

import java.util.List;

/**
 * Obligations of every {@link Transport} that need no object to fetch, checked on the service under
 * test.
 */
public final class TransportSuite extends PatienceContract {

    /** Created by JUnit. */
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
