/** Runs a deployment, and changes it while it runs. */
module org.netloop.control {
    requires info.picocli;
    requires java.xml;
    requires org.netloop.api;
    requires org.slf4j;
    requires static com.fasterxml.jackson.core;
    requires static com.fasterxml.jackson.jr.ob;
    requires static jdk.jfr;
    requires static org.apache.felix.framework;
    requires static org.jspecify;
    requires static org.osgi.service.cm;
    requires static org.osgi.service.component;
    requires static org.osgi.service.component.annotations;
    requires static osgi.annotation;
}
