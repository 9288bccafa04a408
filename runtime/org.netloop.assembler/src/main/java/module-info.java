/** Assembles appliances from chosen features, in a process of its own. */
module org.netloop.assembler {
    requires com.fasterxml.jackson.jr.ob;
    requires org.apache.commons.compress;
    requires org.netloop.api;
    requires org.netloop.launcher;
    requires org.tukaani.xz;
    requires static org.jspecify;
}
