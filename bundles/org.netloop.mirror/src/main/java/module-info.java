/** Policies that order mirrors. */
module org.netloop.mirror {
    requires org.netloop.api;
    requires static org.jspecify;
    requires static org.osgi.service.component.annotations;
    requires static org.osgi.service.metatype.annotations;
    requires static osgi.annotation;
}
