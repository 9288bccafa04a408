/** The index format {@code qcow2}. */
module org.netloop.format.qcow2 {
    requires org.netloop.api;
    requires static org.jspecify;
    requires static org.osgi.service.component.annotations;
    requires static osgi.annotation;

    provides org.netloop.api.index.IndexFormat with
            org.netloop.format.qcow2.Qcow2Format;
}
