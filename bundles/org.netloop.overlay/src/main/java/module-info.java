/** A copy-on-write layer that makes a volume writable. */
module org.netloop.overlay {
    requires info.picocli;
    requires org.netloop.api;
    requires org.slf4j;
    requires static org.apache.felix.framework;
    requires static org.jspecify;
    requires static org.osgi.service.component.annotations;
    requires static org.osgi.service.metatype.annotations;
    requires static osgi.annotation;
}
