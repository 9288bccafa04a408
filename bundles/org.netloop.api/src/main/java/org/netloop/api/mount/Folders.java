package org.netloop.api.mount;

import java.nio.file.Path;

/** Empty directories in a mount, for other file systems to be mounted on. */
public interface Folders {

    /** Returns the directory of the mount. */
    Path directory();

    /** Makes an empty directory; returns false if the name is taken. */
    boolean addFolder(String name);

    /** Removes an empty directory. */
    void removeFolder(String name);
}
