/** Signatures in the file formats of signify. */
module org.netloop.trust.signify {
    requires org.netloop.api;
    requires static org.jspecify;
    requires static org.osgi.service.component.annotations;
    requires static osgi.annotation;
}
