/** The index format {@code cloop}. */
module org.netloop.format.cloop {
    requires org.netloop.api;
    requires static org.jspecify;
    requires static org.osgi.service.component.annotations;
    requires static osgi.annotation;

    provides org.netloop.api.index.IndexFormat with
            org.netloop.format.cloop.CloopFormat;
}
