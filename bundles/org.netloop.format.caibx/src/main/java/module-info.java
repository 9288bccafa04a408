/** The index format {@code caibx}. */
module org.netloop.format.caibx {
    requires org.netloop.api;
    requires static org.jspecify;
    requires static org.osgi.service.component.annotations;
    requires static osgi.annotation;

    provides org.netloop.api.index.IndexFormat with
            org.netloop.format.caibx.CaibxFormat;
}
