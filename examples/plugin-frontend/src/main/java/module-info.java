/** The frontend {@code onweb}. */
module com.example.onweb {
    requires jdk.httpserver;
    requires org.netloop.api;
    requires static org.osgi.service.component.annotations;

    provides org.netloop.api.frontend.Frontend with
            com.example.onweb.OnwebFrontend;
}
