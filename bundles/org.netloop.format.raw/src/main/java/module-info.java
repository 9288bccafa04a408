/** The index format {@code raw}. */
module org.netloop.format.raw {
    requires org.netloop.api;
    requires static org.jspecify;
    requires static org.osgi.service.component.annotations;
    requires static osgi.annotation;

    provides org.netloop.api.index.IndexFormat with
            org.netloop.format.raw.RawFormat;
}
