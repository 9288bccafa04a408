package org.netloop.cache.disk;

import java.nio.file.Path;

/** A process that fills a cache until it is killed. */
final class PutForever {
    private PutForever() {}

    public static void main(String[] arguments) throws Exception {
        try (FileCache cache =
                new FileCache(Path.of(arguments[0]), new Watermarks(64 << 20, 80, 70))) {
            for (int n = 0; ; n = (n + 1) % 2000) {
                cache.remove(FileCacheTest.key(n));
                cache.put(FileCacheTest.key(n), FileCacheTest.block(n));
                if (n == 50) {
                    System.out.print('.');
                    System.out.flush();
                }
            }
        }
    }
}
