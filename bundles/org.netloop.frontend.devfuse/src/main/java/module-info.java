/** Volumes as files, by the kernel's FUSE protocol. */
module org.netloop.frontend.devfuse {
    requires org.netloop.api;
    requires org.slf4j;
    requires static org.apache.felix.framework;
    requires static org.jspecify;
    requires static org.osgi.service.component.annotations;
}
