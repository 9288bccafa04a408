package org.netloop.assembler.tree;

/** Member of a tree. All belongs to root, except for directories that say otherwise. */
public sealed interface Node {
    /** Returns the permission bits, as {@code 0755}. */
    int mode();

    /**
     * A directory.
     *
     * @param owner id of its user and group
     */
    record Directory(int mode, int owner) implements Node {}

    /**
     * A file.
     *
     * @param part name of the part that its size is reported under
     */
    record File(int mode, Content content, String part) implements Node {}

    /**
     * A symbolic link.
     *
     * @param target path it leads to, as the link holds it
     */
    record Link(String target) implements Node {
        @Override
        public int mode() {
            return 0777;
        }
    }

    /** A character device. */
    record Device(int mode, int major, int minor) implements Node {}
}
