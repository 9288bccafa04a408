/** The command line and its subcommands. */
module org.netloop.command {
    requires info.picocli;
    requires java.compiler;
    requires java.management;
    requires org.netloop.api;
    requires org.slf4j;
    requires static com.fasterxml.jackson.jr.ob;
    requires static org.apache.felix.framework;
    requires static org.jspecify;
    requires static org.osgi.service.cm;
    requires static org.osgi.service.component;
    requires static org.osgi.service.component.annotations;
    requires static osgi.annotation;
    requires static me.tongfei.progressbar;
}
