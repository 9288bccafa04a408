/** The index format {@code idx}. */
module org.netloop.format.idx {
    requires org.netloop.api;
    requires org.slf4j;
    requires static org.jspecify;
    requires static org.osgi.service.component.annotations;
    requires static org.osgi.service.metatype.annotations;
    requires static osgi.annotation;

    provides org.netloop.api.index.IndexFormat with
            org.netloop.format.idx.IdxFormat;
}
