package org.netloop.assembler.layout;

import org.netloop.assembler.AssemblyException;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** Jars that an appliance brings, held against their digests. */
final class Plugins {
    private Plugins() {}

    /** Returns the files, which lie beside that of the appliance. */
    static List<Path> of(Path appliance, List<Settings.Plugin> plugins)
            throws AssemblyException, IOException {
        List<Path> files = new ArrayList<>();
        for (Settings.Plugin plugin : plugins) {
            Path file = appliance.resolveSibling(plugin.file()).normalize();
            if (!Files.isRegularFile(file)) {
                throw new AssemblyException(
                        appliance
                                + " names the plugin "
                                + plugin.file()
                                + ", but "
                                + file
                                + " does not exist");
            }
            String digest = sha256(file);
            if (!digest.equals(plugin.digest().toLowerCase(Locale.ROOT))) {
                throw new AssemblyException(
                        file
                                + " is not what "
                                + appliance
                                + " names: its SHA-256 is "
                                + digest
                                + ", not "
                                + plugin.digest());
            }
            files.add(file);
        }
        return files;
    }

    /** Returns the SHA-256 of a file, in lower-case hexadecimal. */
    static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                DigestInputStream digesting =
                        new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
            digesting.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digesting.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
