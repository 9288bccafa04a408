/** Starts Felix from chosen features and hands over the command line. */
module org.netloop.launcher {
    requires com.fasterxml.jackson.jr.ob;
    requires jdk.unsupported;
    requires org.apache.felix.framework;
    requires org.osgi.service.cm;
    requires org.slf4j;
    requires static org.jspecify;

    exports org.netloop.launcher to
            org.netloop.verifier;

    uses org.osgi.framework.launch.FrameworkFactory;
}
