package org.netloop.control.trace;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A bundle that takes the place of another. */
@Name("org.netloop.Swap")
@Label("Swap")
@Category("Netloop")
@Description("The start of a bundle beside the one it replaces, and the end of that one")
@StackTrace(false)
final class SwapEvent extends Event implements Swap {
    @Label("Bundle")
    private final String bundle;

    @Label("From version")
    private final String from;

    @Label("To version")
    private final String to;

    @Label("Good")
    private boolean good;

    SwapEvent(String bundle, String from, String to) {
        this.bundle = bundle;
        this.from = from;
        this.to = to;
        begin();
    }

    @Override
    public void succeeded() {
        good = true;
    }

    @Override
    public void close() {
        commit();
    }
}
