/** Metrics and health over HTTP. */
module org.netloop.console {
    requires io.prometheus.metrics.model;
    requires io.prometheus.writer.text;
    requires java.management;
    requires jdk.httpserver;
    requires org.netloop.api;
    requires org.slf4j;
    requires static com.fasterxml.jackson.jr.ob;
    requires static org.jspecify;
    requires static org.osgi.service.component.annotations;
    requires static org.osgi.service.metatype.annotations;
    requires static osgi.annotation;
}
