/** Attachments that outlive volumes and frontends. */
module org.netloop.attach {
    requires org.netloop.api;
    requires org.slf4j;
    requires static org.apache.felix.framework;
    requires static org.jspecify;
    requires static org.osgi.service.cm;
    requires static org.osgi.service.component.annotations;
    requires static org.osgi.service.metatype.annotations;
    requires static osgi.annotation;
}
