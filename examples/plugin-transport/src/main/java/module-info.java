/** The transport {@code ziprepo}. */
module com.example.ziprepo {
    requires org.netloop.api;
    requires static org.osgi.service.component.annotations;

    provides org.netloop.api.transport.Transport with
            com.example.ziprepo.ZiprepoTransport;
}
