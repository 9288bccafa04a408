/** The transport {@code file}. */
module org.netloop.transport.file {
    requires org.netloop.api;
    requires org.slf4j;
    requires static org.jspecify;
    requires static org.osgi.service.component.annotations;
    requires static osgi.annotation;

    provides org.netloop.api.transport.Transport with
            org.netloop.transport.file.FileTransport;
}
