package org.netloop.engine.trace;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A read that had to wait. */
@Name("org.netloop.Read")
@Label("Read")
@Category("Netloop")
@Description("A read of a volume, from the first block that is not in memory on")
@StackTrace(false)
final class ReadEvent extends Event implements Span {
    private static final int MOST_NAMES = 64;

    @Label("Volume")
    String volume = "";

    @Label("Offset")
    @DataAmount
    long offset;

    @Label("Length")
    @DataAmount
    int length;

    @Label("Waits for")
    @Description("POSITION@PATH of the first 64 blocks it waits for")
    String blocks = "";

    @Label("Good")
    boolean good;

    private transient int names;

    @Override
    public boolean isRecorded() {
        return true;
    }

    @Override
    public void awaits(String path, long position) {
        if (names++ < MOST_NAMES) {
            blocks = blocks + (blocks.isEmpty() ? "" : " ") + position + "@" + path;
        }
    }

    @Override
    public void end(boolean wasGood) {
        good = wasGood;
        commit();
    }
}
