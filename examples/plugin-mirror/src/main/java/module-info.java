/** The mirror policy {@code homeland}. */
module com.example.homeland {
    requires org.netloop.api;
    requires static org.osgi.service.component.annotations;

    provides org.netloop.api.mirror.MirrorPolicy with
            com.example.homeland.HomelandPolicy;
}
