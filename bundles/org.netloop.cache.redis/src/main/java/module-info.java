/** Stored blocks in Redis, shared by the machines of a site. */
module org.netloop.cache.redis {
    requires org.apache.commons.pool2;
    requires org.netloop.api;
    requires org.slf4j;
    requires redis.clients.jedis;
    requires static org.jspecify;
    requires static org.osgi.service.component.annotations;
    requires static org.osgi.service.metatype.annotations;
    requires static osgi.annotation;
}
