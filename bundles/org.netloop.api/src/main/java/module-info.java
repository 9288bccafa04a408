/** The contracts of Netloop: one small package each, versioned apart. */
module org.netloop.api {
    requires static info.picocli;
    requires static org.jspecify;
    requires static osgi.annotation;
    requires static transitive jdk.httpserver;

    exports org.netloop.api.block;
    exports org.netloop.api.cache;
    exports org.netloop.api.codec;
    exports org.netloop.api.command;
    exports org.netloop.api.control;
    exports org.netloop.api.file;
    exports org.netloop.api.frontend;
    exports org.netloop.api.health;
    exports org.netloop.api.http;
    exports org.netloop.api.index;
    exports org.netloop.api.message;
    exports org.netloop.api.mirror;
    exports org.netloop.api.mount;
    exports org.netloop.api.plugin;
    exports org.netloop.api.profile;
    exports org.netloop.api.publish;
    exports org.netloop.api.retry;
    exports org.netloop.api.status;
    exports org.netloop.api.systemd;
    exports org.netloop.api.tls;
    exports org.netloop.api.transport;
    exports org.netloop.api.trust;
    exports org.netloop.api.volume;
}
