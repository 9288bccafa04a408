package org.netloop.format.netloop;

import org.netloop.api.transport.Repository;
import org.netloop.tck.MemoryRepository;
import org.netloop.tck.RepositoryContract;

/** What the tests of this bundle rest on is a repository like any other. */
class MemoryRepositoryTest extends RepositoryContract {
    @Override
    protected Repository open() {
        return new MemoryRepository();
    }
}
