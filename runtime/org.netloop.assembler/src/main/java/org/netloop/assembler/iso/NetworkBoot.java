package org.netloop.assembler.iso;

import org.netloop.assembler.AssemblyException;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * Place of a directory that the kind web has made, from which a medium with nothing but a loader
 * boots.
 *
 * @param host with its port, if it has one
 * @param path with a slash at both ends
 */
record NetworkBoot(String host, String path) {

    /**
     * Parses a URL. Only http: Debian's loaders have no TLS.
     *
     * @throws AssemblyException if a loader could not fetch from it
     */
    static NetworkBoot of(String url) throws AssemblyException {
        try {
            URI uri = new URI(url.endsWith("/") ? url : url + "/");
            if ("http".equals(uri.getScheme())
                    && uri.getRawAuthority() != null
                    && uri.getRawAuthority().matches("[A-Za-z0-9.-]+(:[0-9]+)?")
                    && uri.getRawPath().matches("[A-Za-z0-9._~/-]+")) {
                return new NetworkBoot(uri.getRawAuthority(), uri.getRawPath());
            }
        } catch (URISyntaxException _) {
            // Told below, as all that a loader does not take.
        }
        throw new AssemblyException(
                "url="
                        + url
                        + ": a boot loader fetches from http://HOST[:PORT]/PATH/, a directory made by"
                        + " --to web; letters, digits and . _ ~ - in its path");
    }

    /** Returns a script of iPXE that tries until it boots. */
    String ipxe() {
        return "#!ipxe\n:again\ndhcp && chain http://"
                + host
                + path
                + "boot.ipxe || sleep 2\ngoto again\n";
    }

    /** Returns a script of GRUB that tries until it boots. */
    String grub() {
        return "set base=(http,"
                + host
                + ")"
                + path.substring(0, path.length() - 1)
                + "\nexport base\nwhile [ 1 = 1 ]; do\n net_bootp\n configfile $base/grub.cfg\n"
                + " sleep 2\ndone\n";
    }
}
