/** Volumes and the way of a read. */
module org.netloop.engine {
    requires org.netloop.api;
    requires org.slf4j;
    requires static jdk.jfr;
    requires static org.apache.felix.framework;
    requires static org.jspecify;
    requires static org.osgi.service.component.annotations;
    requires static org.osgi.service.metatype.annotations;
    requires static osgi.annotation;
}
