package org.netloop.frontend.nbd;

/** The part of a request that its replies repeat. */
sealed interface Ticket permits Request, Ticket.Kept {
    /** Returns what the client chose. */
    long cookie();

    /** Returns the offset, which only extended headers repeat. */
    long offset();

    /** Copy for a request that waits while its object is filled with the next one. */
    record Kept(long cookie, long offset) implements Ticket {}
}
