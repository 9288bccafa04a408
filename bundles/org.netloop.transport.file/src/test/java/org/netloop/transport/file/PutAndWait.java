package org.netloop.transport.file;

import org.netloop.api.transport.Repository;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A publisher that waits to be killed. */
final class PutAndWait {
    private PutAndWait() {}

    /** Puts an object into the repository of that directory, says so, and waits. */
    public static void main(String[] args) throws IOException {
        Repository repository = new DirectoryRepository(Path.of(args[0]));
        repository.put("a", ByteBuffer.allocate(1), Repository.Kind.BLOCK);
        System.out.println("put");
        while (System.in.read() >= 0) {
            // until it is killed, or its parent ends
        }
    }
}
