package org.netloop.assembler.deb;

import org.netloop.assembler.Assembly;
import org.netloop.assembler.AssemblyException;

import java.util.Locale;
import java.util.Set;

/**
 * Names in a package.
 *
 * @param name of the package
 * @param version as Debian orders versions: {@code 0.1.0~snapshot} comes before {@code 0.1.0}
 * @param maintainer name and address
 */
record PackageNames(String name, String version, String maintainer) {
    private static final String VERSION = "version";
    private static final String MAINTAINER = "maintainer";
    static final Set<String> OPTIONS = Set.of(VERSION, MAINTAINER);

    /** Variables by which Debian's own tools know who makes a package. */
    private static final String NAME_VARIABLE = "DEBFULLNAME";

    private static final String ADDRESS_VARIABLE = "DEBEMAIL";

    static PackageNames of(Assembly assembly) throws AssemblyException {
        String name = "netloop-" + assembly.appliance().name().toLowerCase(Locale.ROOT);
        if (!name.matches("[a-z0-9][a-z0-9+.-]+")) {
            throw new AssemblyException(
                    "'"
                            + name
                            + "' cannot be the name of a Debian package: call the appliance by"
                            + " lower-case letters, digits, +, - and .");
        }
        String version = assembly.option(VERSION);
        if (version == null) {
            version = assembly.version().toLowerCase(Locale.ROOT).replace("-", "~");
        } else if (!version.matches("[0-9][A-Za-z0-9.+~:-]*")) {
            throw new AssemblyException("'" + version + "' is not a version of a Debian package");
        }
        String maintainer = assembly.option(MAINTAINER);
        return new PackageNames(name, version, maintainer == null ? whoeverRuns() : maintainer);
    }

    private static String whoeverRuns() {
        String name = System.getenv().getOrDefault(NAME_VARIABLE, "Local administrator");
        String address = System.getenv().getOrDefault(ADDRESS_VARIABLE, "root@localhost");
        return name + " <" + address + ">";
    }
}
