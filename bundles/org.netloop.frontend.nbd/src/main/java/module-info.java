/** Volumes as exports of an NBD server. */
module org.netloop.frontend.nbd {
    requires java.naming;
    requires org.netloop.api;
    requires org.slf4j;
    requires static org.jspecify;
    requires static org.osgi.service.component.annotations;
    requires static org.osgi.service.metatype.annotations;
    requires static osgi.annotation;
}
