/** Starts Felix from chosen features and hands over the command line. */
module org.netloop.launcher {
    requires com.fasterxml.jackson.jr.ob;
    requires jdk.unsupported;
    requires org.apache.felix.framework;
    requires org.netloop.api;
    requires org.osgi.service.cm;
    requires org.osgi.service.log;
    requires org.slf4j;
    requires static org.jspecify;

    exports org.netloop.launcher to
            org.netloop.assembler,
            org.netloop.verifier;

    provides org.slf4j.spi.SLF4JServiceProvider with
            org.netloop.launcher.log.LogProvider;

    uses org.osgi.framework.launch.FrameworkFactory;
}
