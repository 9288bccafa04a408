/** Profiles as documents, and the commands around them. */
module org.netloop.profile {
    requires com.fasterxml.jackson.core;
    requires info.picocli;
    requires org.netloop.api;
    requires org.slf4j;
    requires static org.jspecify;
    requires static org.osgi.service.component.annotations;
    requires static osgi.annotation;

    provides org.netloop.api.profile.ProfileFormat with
            org.netloop.profile.ProfileDocuments;
}
