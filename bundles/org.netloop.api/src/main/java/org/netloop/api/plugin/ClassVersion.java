package org.netloop.api.plugin;

/** Java release that a class was compiled for: Java Virtual Machine Specification, table 4.1-A. */
final class ClassVersion {
    private static final int BEFORE_JAVA_1 = 44;

    private ClassVersion() {}

    /** Returns the Java of a class file's major version: 25 for 69. */
    static int java(int majorVersion) {
        return majorVersion - BEFORE_JAVA_1;
    }

    /**
     * Says that a class cannot be loaded, and what to do.
     *
     * @param name the class, or its file
     * @param java for which it was compiled
     */
    static String tooNew(String name, int java) {
        int runs = Runtime.version().feature();
        return name
                + " was compiled for Java "
                + java
                + ", and Java "
                + runs
                + " runs here: run a newer Java, or compile it for Java "
                + runs
                + " (maven.compiler.release)";
    }
}
