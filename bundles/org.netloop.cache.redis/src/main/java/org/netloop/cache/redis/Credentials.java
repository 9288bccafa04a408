package org.netloop.cache.redis;

import org.jspecify.annotations.Nullable;
import org.netloop.api.file.SmallFile;

import redis.clients.jedis.DefaultRedisCredentials;
import redis.clients.jedis.RedisCredentials;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import java.util.function.Supplier;

/**
 * User and password from a file, which is read anew for each connection. No message has anything of
 * its content.
 *
 * <pre>
 * # for servers (and for sentinels, if the next two are absent)
 * user NAME          (default: the server's default user)
 * password SECRET    (all up to the end of the line)
 * sentinel.user NAME
 * sentinel.password SECRET
 * </pre>
 *
 * @param file the file
 * @param forSentinels whether the lines for sentinels are wanted
 */
record Credentials(Path file, boolean forSentinels) implements Supplier<RedisCredentials> {
    private static final int LONGEST = 16 << 10;
    private static final String FOR_SENTINELS = "sentinel.";
    private static final String USER = "user";
    private static final String PASSWORD = "password";
    private static final Set<String> KEYS =
            Set.of(USER, PASSWORD, FOR_SENTINELS + USER, FOR_SENTINELS + PASSWORD);

    /** Thrown, without a cause, if the file cannot be used. */
    static final class UnusableException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private UnusableException(String message) {
            super(message);
        }
    }

    @Override
    public RedisCredentials get() {
        String text = text();
        String scope =
                forSentinels && value(text, FOR_SENTINELS + PASSWORD) != null ? FOR_SENTINELS : "";
        String password = value(text, scope + PASSWORD);
        if (password == null) {
            throw unusable("it has no line 'password SECRET'");
        }
        return new DefaultRedisCredentials(value(text, scope + USER), password);
    }

    private String text() {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (permissions.contains(PosixFilePermission.OTHERS_READ)
                    || permissions.contains(PosixFilePermission.OTHERS_WRITE)
                    || permissions.contains(PosixFilePermission.GROUP_READ)
                    || permissions.contains(PosixFilePermission.GROUP_WRITE)) {
                throw unusable("others may read or change it: chmod 600 " + file);
            }
            String text = SmallFile.text(file, LONGEST);
            int number = 0;
            for (String line : text.lines().toList()) {
                number++;
                String key = line.strip().split("\\s", 2)[0];
                if (!key.isEmpty() && !key.startsWith("#") && !KEYS.contains(key)) {
                    throw unusable("line " + number + " begins with none of " + KEYS);
                }
            }
            return text;
        } catch (IOException | UnsupportedOperationException e) {
            throw unusable(e.getClass().getSimpleName());
        }
    }

    private UnusableException unusable(String why) {
        return new UnusableException("the credentials file " + file + " cannot be used: " + why);
    }

    private static @Nullable String value(String text, String key) {
        return text.lines()
                .map(line -> line.strip().split("\\s+", 2))
                .filter(parts -> parts.length == 2 && parts[0].equals(key))
                .map(parts -> parts[1])
                .findFirst()
                .orElse(null);
    }

    /** Has nothing of the file's content. */
    @Override
    public String toString() {
        return "credentials of " + file;
    }
}
