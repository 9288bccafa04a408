/** The commands for a running deployment, at a prompt. */
module org.netloop.shell {
    requires info.picocli;
    requires org.netloop.api;
    requires static org.apache.felix.framework;
    requires static org.apache.felix.gogo.runtime;
    requires org.jline.builtins;
    requires org.jline.reader;
    requires org.jline.terminal;
    requires static org.jspecify;
    requires static org.osgi.service.component.annotations;
    requires static osgi.annotation;
}
