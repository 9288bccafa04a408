package org.netloop.format.netloop;

import org.netloop.api.transport.Repository;
import org.netloop.tck.MemoryRepository;
import org.netloop.tck.RepositoryContract;

/** Checks that the repository used by the tests of this bundle fulfils its contract. */
class MemoryRepositoryTest extends RepositoryContract {
    @Override
    protected Repository open() {
        return new MemoryRepository();
    }
}
