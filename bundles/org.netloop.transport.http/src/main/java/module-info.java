/** The transport {@code http} and {@code https}. */
module org.netloop.transport.http {
    requires org.apache.httpcomponents.client5.httpclient5;
    requires org.apache.httpcomponents.core5.httpcore5;
    requires org.apache.httpcomponents.core5.httpcore5.h2;
    requires org.netloop.api;
    requires org.slf4j;
    requires static org.jspecify;
    requires static org.osgi.service.component.annotations;
    requires static org.osgi.service.metatype.annotations;
    requires static osgi.annotation;
}
