package org.netloop.frontend.devfuse;

import org.netloop.api.message.Failures;
import org.netloop.api.systemd.DescriptorStore;
import org.netloop.api.systemd.PassedDescriptors;
import org.netloop.api.systemd.PassedDescriptors.Passed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.Optional;

/**
 * A descriptor in the service manager's store. The manager passes it to the next process that it
 * starts for the service, and drops it when the service is stopped for good, or the mount is gone.
 */
final class Stored implements Keeper {
    private static final Logger LOG = LoggerFactory.getLogger(Stored.class);

    /** Stands for a descriptor that was not passed, or that was taken. */
    private static final int NONE = -1;

    private final Claim claim;
    private int passed;

    private Stored(Claim claim, int passed) {
        this.claim = claim;
        this.passed = passed;
    }

    /** Has a descriptor kept; empty if there is no manager that does. */
    static Optional<Stored> start(int descriptor, Claim claim) {
        Optional<DescriptorStore> store = DescriptorStore.ofManager();
        if (store.isEmpty()) {
            return Optional.empty();
        }
        try {
            store.get().keep(claim.text(), descriptor);
            return Optional.of(new Stored(claim, NONE));
        } catch (IOException e) {
            LOG.warn("the service manager keeps no descriptor: {}", Failures.sentence(e));
            return Optional.empty();
        }
    }

    /** Finds that of a file system among those that were passed to this process. */
    static Optional<Stored> of(String device) {
        return PassedDescriptors.ofThisProcess()
                .take(passed -> isOf(passed, device))
                .flatMap(Stored::of);
    }

    private static boolean isOf(Passed passed, String device) {
        Claim claim = Claim.parse(passed.name());
        return claim != null && claim.device().equals(device);
    }

    private static Optional<Stored> of(Passed passed) {
        return Optional.ofNullable(Claim.parse(passed.name()))
                .map(claim -> new Stored(claim, passed.number()));
    }

    /**
     * Drops all that were passed and that nobody has taken: what is not attached any more. Their
     * readers get errors instead of waiting for ever.
     *
     * @return how many there were
     */
    static int dropLeft() {
        int count = 0;
        for (Optional<Stored> left = next(); left.isPresent(); left = next()) {
            left.get().end();
            count++;
        }
        return count;
    }

    private static Optional<Stored> next() {
        return PassedDescriptors.ofThisProcess()
                .take(passed -> Claim.parse(passed.name()) != null)
                .flatMap(Stored::of);
    }

    @Override
    public Claim claim() {
        return claim;
    }

    /** The manager starts one process at a time, and passes it to nobody else. */
    @Override
    public void seize() {}

    @Override
    public int take() throws IOException {
        int taken = passed;
        if (taken == NONE) {
            throw new IOException("the service manager has passed no descriptor of it");
        }
        passed = NONE;
        return taken;
    }

    @Override
    public boolean staysOn() {
        return DescriptorStore.ofManager().isPresent();
    }

    /** Returns true: the manager drops it only once the mount has gone, or the service. */
    @Override
    public boolean isThere() {
        return true;
    }

    /** Does nothing: what is kept is the successor's. */
    @Override
    public void handedOver() {}

    /** Does nothing: a name is kept once. */
    @Override
    public void endOthers() {}

    @Override
    public void end() {
        try {
            Optional<DescriptorStore> store = DescriptorStore.ofManager();
            if (store.isPresent()) {
                store.get().remove(claim.text());
            }
        } catch (IOException e) {
            LOG.warn("the service manager goes on keeping a descriptor: {}", Failures.sentence(e));
        }
        if (passed != NONE) {
            Native.close(passed);
            passed = NONE;
        }
    }
}
