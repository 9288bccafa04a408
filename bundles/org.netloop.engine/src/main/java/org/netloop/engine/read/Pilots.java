package org.netloop.engine.read;

import org.netloop.engine.retry.Deadline;

/** Count of the pilots of a volume that are aloft, however many they are. Thread-safe. */
final class Pilots {
    private int aloft;

    synchronized void begins() {
        aloft++;
    }

    synchronized void ends() {
        aloft--;
        if (aloft == 0) {
            notifyAll();
        }
    }

    /** Waits until none is aloft; false if the deadline passed first. */
    synchronized boolean awaitNone(Deadline deadline) throws InterruptedException {
        while (aloft > 0 && !deadline.passed()) {
            wait(Math.max(1, deadline.left().toMillis()));
        }
        return aloft == 0;
    }
}
