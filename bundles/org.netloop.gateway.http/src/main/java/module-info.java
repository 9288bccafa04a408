/** The objects of repositories over HTTP. */
module org.netloop.gateway.http {
    requires jdk.httpserver;
    requires org.netloop.api;
    requires org.slf4j;
    requires static org.jspecify;
    requires static org.osgi.service.component.annotations;
    requires static org.osgi.service.metatype.annotations;
    requires static osgi.annotation;
}
