package org.netloop.frontend.nbd;

import org.netloop.api.message.Printable;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * Names of clients, each with its kind: {@code cn:} the common name of a certificate's subject;
 * {@code dns:}, {@code email:} and {@code uri:} its alternative names (RFC 5280). The kind is part
 * of a name, because an authority may let its clients choose one and not the other. Immutable.
 */
record ClientNames(Set<String> names) {
    private static final List<String> KINDS = List.of("cn:", "dns:", "email:", "uri:");
    private static final int EMAIL = 1;
    private static final int DNS = 2;
    private static final int URI = 6;

    /** No name: as a list, it lets every client in. */
    static final ClientNames NONE = new ClientNames(Set.of());

    ClientNames {
        names = Set.copyOf(names);
    }

    /**
     * Reads a list, separated by commas.
     *
     * @throws IllegalArgumentException if a name has no kind, or there is none
     */
    static ClientNames parse(String list) {
        Set<String> names =
                Stream.of(list.split(",", -1))
                        .map(String::strip)
                        .map(ClientNames::checked)
                        .collect(Collectors.toSet());
        return new ClientNames(names);
    }

    private static String checked(String name) {
        String kind = KINDS.stream().filter(name::startsWith).findFirst().orElse("");
        if (kind.isEmpty() || kind.length() == name.length()) {
            throw new IllegalArgumentException(
                    TlsSettings.CLIENTS
                            + ": '"
                            + Printable.line(name)
                            + "' is not cn:NAME, dns:NAME, email:NAME or uri:NAME");
        }
        return folded(name);
    }

    /** Returns the names in a certificate. */
    static ClientNames of(X509Certificate certificate) {
        Set<String> names = new HashSet<>();
        addCommonName(certificate, names);
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            for (List<?> one : alternatives == null ? List.<List<?>>of() : alternatives) {
                String kind = kind(one.getFirst());
                if (!kind.isEmpty() && one.get(1) instanceof String name) {
                    names.add(folded(kind + name));
                }
            }
        } catch (CertificateParsingException _) {
            // Malformed alternative names are none.
        }
        return new ClientNames(names);
    }

    private static String kind(Object type) {
        return switch (type) {
            case Integer number when number == EMAIL -> "email:";
            case Integer number when number == DNS -> "dns:";
            case Integer number when number == URI -> "uri:";
            default -> "";
        };
    }

    /** The subject may have several common names: none of them is its name then. */
    private static void addCommonName(X509Certificate certificate, Set<String> names) {
        try {
            List<Rdn> common =
                    new LdapName(certificate.getSubjectX500Principal().getName())
                            .getRdns().stream()
                                    .filter(rdn -> rdn.getType().equalsIgnoreCase("CN"))
                                    .toList();
            if (common.size() == 1 && common.getFirst().getValue() instanceof String name) {
                names.add("cn:" + name);
            }
        } catch (InvalidNameException _) {
            // A subject that cannot be read has no name.
        }
    }

    /** Names of hosts are the same in either case. */
    private static String folded(String name) {
        return name.startsWith("dns:") ? name.toLowerCase(Locale.ROOT) : name;
    }

    /** Returns whether all clients, or one of a client's names, may pass by this list. */
    boolean admits(ClientNames client) {
        return isOpen() || client.names().stream().anyMatch(names::contains);
    }

    /** Returns whether this list lets every client in. */
    boolean isOpen() {
        return names.isEmpty();
    }
}
