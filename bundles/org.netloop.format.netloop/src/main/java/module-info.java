/** The index format {@code netloop}. */
module org.netloop.format.netloop {
    requires com.fasterxml.jackson.core;
    requires org.netloop.api;
    requires org.slf4j;
    requires static org.jspecify;
    requires static org.osgi.service.component.annotations;
    requires static osgi.annotation;

    provides org.netloop.api.index.IndexFormat with
            org.netloop.format.netloop.NetloopFormat;
}
