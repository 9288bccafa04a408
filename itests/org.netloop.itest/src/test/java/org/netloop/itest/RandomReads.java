package org.netloop.itest;

import java.nio.file.Path;

/** A script for nbdsh: random reads over many connections at once, compared with the image. */
final class RandomReads {
    private static final String SCRIPT =
            """
            import os, random, threading
            image = os.open("IMAGE", os.O_RDONLY)
            size = os.fstat(image).st_size
            right = [0] * CONNECTIONS
            def reader(number):
                client = nbd.NBD()
                client.connect_uri("URI")
                chance = random.Random(number)
                for _ in range(READS):
                    length = chance.choice([512, 4096, 65536, 300000])
                    offset = chance.randrange((size - length) // 512) * 512
                    if client.pread(length, offset) != os.pread(image, length, offset):
                        raise Exception("wrong bytes at %d" % offset)
                    right[number] += 1
                client.shutdown()
            threads = [threading.Thread(target=reader, args=(i,)) for i in range(CONNECTIONS)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
            print("right: %d" % sum(right))
            """;

    private RandomReads() {}

    /** Prints {@code right: N}, N being how many reads were. */
    static String script(String uri, Path image, int connections, int reads) {
        return SCRIPT.replace("IMAGE", image.toString())
                .replace("URI", uri)
                .replace("CONNECTIONS", String.valueOf(connections))
                .replace("READS", String.valueOf(reads));
    }
}
