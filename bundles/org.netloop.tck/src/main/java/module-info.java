/** One abstract suite per contract; a backend's test extends it. */
open module org.netloop.tck {
    requires transitive org.assertj.core;
    requires transitive org.junit.jupiter.api;
    requires transitive org.netloop.api;
    requires static org.jspecify;
    requires static osgi.annotation;
    requires jdk.httpserver;

    exports org.netloop.tck;
}
