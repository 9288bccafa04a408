/** Resolves, starts and tests one plugin in a framework of its own. */
open module org.netloop.verifier {
    requires com.fasterxml.jackson.jr.ob;
    requires org.apache.felix.framework;
    requires org.junit.platform.engine;
    requires org.junit.platform.launcher;
    requires org.netloop.api;
    requires org.netloop.launcher;
    requires org.netloop.tck;
    requires org.opentest4j;
    requires static org.jspecify;
}
