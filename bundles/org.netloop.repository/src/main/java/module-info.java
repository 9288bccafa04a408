/** The commands that keep a repository: channels, comparison, removal, mirrors. */
module org.netloop.repository {
    requires info.picocli;
    requires org.netloop.api;
    requires static com.fasterxml.jackson.jr.ob;
    requires static org.jspecify;
    requires static org.osgi.service.component.annotations;
    requires static osgi.annotation;
}
