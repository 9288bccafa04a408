/** Commands for trying Netloop out on one machine. */
module org.netloop.demo {
    requires info.picocli;
    requires jdk.httpserver;
    requires org.netloop.api;
    requires static org.jspecify;
    requires static org.osgi.service.component.annotations;
    requires static osgi.annotation;
}
