package org.netloop.engine.trace;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A stage that a block went through. */
@Name("org.netloop.Stage")
@Label("Stage")
@Category("Netloop")
@Description("A stage of the way of a block: stored cache, mirror, attempt, verify, decode")
@StackTrace(false)
final class StageEvent extends Event implements Span {
    @Label("Stage")
    String stage = "";

    @Label("Object")
    String path = "";

    @Label("Position")
    @DataAmount
    long position;

    @Label("Length")
    @DataAmount
    long length;

    @Label("Mirror")
    String mirror = "";

    @Label("Good")
    @Description("Of a look into the cache: whether the block was there")
    boolean good;

    @Override
    public boolean isRecorded() {
        return true;
    }

    @Override
    public void at(String uri) {
        mirror = uri;
    }

    @Override
    public void end(boolean wasGood) {
        good = wasGood;
        commit();
    }
}
