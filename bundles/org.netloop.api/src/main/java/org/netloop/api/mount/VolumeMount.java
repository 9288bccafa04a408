package org.netloop.api.mount;

import org.netloop.api.volume.Volume;
import org.osgi.annotation.versioning.ConsumerType;

import java.io.IOException;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;

/** Mounted directory that shows volumes as files, and the folders beside them. Thread-safe. */
@ConsumerType
public interface VolumeMount extends Folders {

    /**
     * Adds the file of a volume, called {@code name} and {@value MountOptions#IMAGE}, and its
     * status, called {@code name} and {@value MountOptions#STATUS}.
     *
     * @return false if the file's name is taken; nothing is added then
     */
    boolean addVolume(String name, Volume volume);

    /** Removes an entry; users that have it open can read no more of it. */
    void remove(String name);

    @Override
    default void removeFolder(String name) {
        remove(name);
    }

    /** Returns whether there are no names but these. */
    boolean hasOnly(Collection<String> names);

    /** Returns whether its files may be written. */
    boolean isWritable();

    /**
     * Unmounts it.
     *
     * @param lazily also where it is in use: it goes when its last user does
     * @throws IOException if it is in use, and not lazily
     */
    void unmount(boolean lazily) throws IOException;

    /** Completes when it is unmounted, by whomever. */
    CompletableFuture<Void> ended();

    /**
     * Leaves it to a successor of this process, if it can be: then it answers nothing any more, and
     * stays mounted.
     *
     * @return whether it is left; never by default
     */
    default boolean leave() {
        return false;
    }

    /**
     * Is told that everything will be detached on purpose: from now on nothing may keep it over the
     * end of this process, however that ends. Does nothing by default.
     */
    default void stopping() {}

    /** Returns whether it was left. */
    default boolean isLeft() {
        return false;
    }
}
