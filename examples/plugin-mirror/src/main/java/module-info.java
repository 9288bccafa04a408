/** The mirror policy {@code homeland}. */
module com.example.homeland {
    requires org.netloop.api;
    requires static org.osgi.service.component.annotations;
}
