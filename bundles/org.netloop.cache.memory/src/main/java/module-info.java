/** Blocks off heap, within a budget of bytes. */
module org.netloop.cache.memory {
    requires com.github.benmanes.caffeine;
    requires org.netloop.api;
    requires org.slf4j;
    requires static org.jspecify;
    requires static org.osgi.service.component.annotations;
    requires static org.osgi.service.metatype.annotations;
    requires static osgi.annotation;
}
