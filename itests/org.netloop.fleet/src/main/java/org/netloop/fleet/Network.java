package org.netloop.fleet;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Links that share their capacity max-min fairly among the transfers over them: no transfer could
 * be faster without another one, that is not faster than it, becoming slower. Networks of one
 * simulation have no link in common.
 */
final class Network {
    private final List<Route> routes = new ArrayList<>();
    private final Set<Link> links = new LinkedHashSet<>();
    private double now;
    private double next = Double.POSITIVE_INFINITY;
    private int nextRoute;
    private boolean stale;

    /**
     * Makes a way over links.
     *
     * @param most rate of a single transfer, in bytes a second
     */
    Route route(double most, Link... over) {
        Route route = new Route(most, over);
        routes.add(route);
        links.addAll(route.links());
        return route;
    }

    /** Starts a transfer, at a time in seconds that is not before any other call's. */
    void start(double at, Route route, double bytes, Runnable end) {
        advance(at);
        route.add(bytes, end);
        stale = true;
    }

    /** Returns when the next transfer ends, in seconds; infinite if none is under way. */
    double next() {
        if (stale) {
            share();
            find();
            stale = false;
        }
        return next;
    }

    /** Ends the transfer that {@link #next} told the time of, and returns what then happens. */
    Runnable takeNext() {
        advance(next);
        stale = true;
        return routes.get(nextRoute).takeNext();
    }

    private void advance(double at) {
        double seconds = at - now;
        if (seconds > 0) {
            for (Route route : routes) {
                if (route.transfers() > 0) {
                    route.advance(seconds);
                }
            }
        }
        now = at;
    }

    /**
     * Fills the links: the tightest bounds the transfers over it, and what they leave is for
     * others.
     */
    private void share() {
        links.forEach(Link::beginSharing);
        routes.forEach(Route::beginSharing);
        while (true) {
            double least = Double.POSITIVE_INFINITY;
            Route tightest = null;
            for (Route route : routes) {
                if (!route.isShared() && route.wanted() < least) {
                    least = route.wanted();
                    tightest = route;
                }
            }
            if (tightest == null) {
                return;
            }
            tightest.grant(least);
        }
    }

    private void find() {
        next = Double.POSITIVE_INFINITY;
        for (int i = 0; i < routes.size(); i++) {
            Route route = routes.get(i);
            if (route.transfers() > 0 && now + route.untilNext() < next) {
                next = now + route.untilNext();
                nextRoute = i;
            }
        }
    }
}
