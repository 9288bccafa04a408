package org.netloop.command;

import org.netloop.api.command.Command;
import org.netloop.api.command.SignOptions;
import org.netloop.api.index.Catalog;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.index.Reference;
import org.netloop.api.profile.ProfileFormat;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Repository;
import org.netloop.api.transport.Repository.Kind;
import org.netloop.api.transport.Schemes;
import org.netloop.api.transport.Transport;
import org.netloop.api.trust.Signer;
import org.netloop.api.trust.Signing;
import org.netloop.api.trust.Statement;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;

import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** {@code netloop sign}. */
@Component(
        service = Command.class,
        scope = ServiceScope.PROTOTYPE,
        property = Command.NAME + "=sign")
@CommandLine.Command(
        name = "sign",
        mixinStandardHelpOptions = true,
        description = {
            "Signs what is published already: channels and profiles with a new expiry, and images.",
            "Nothing else changes, so it may run by a timer; a channel is read until it expires."
        })
public final class SignCommand implements Command {
    private static final String PROFILES = "profiles/";

    @Parameters(
            index = "0",
            paramLabel = "REPO",
            description = "The repository: a path or a URI; or a file that is an image")
    private String repository = "";

    @Mixin private SignOptions sign = new SignOptions();

    @Option(
            names = "--format",
            paramLabel = "ID",
            defaultValue = "netloop",
            description = "Index format of the repository (default ${DEFAULT-VALUE})")
    private String format = "";

    @Option(
            names = "--channel",
            paramLabel = "NAME",
            description = "Sign this channel only; may be repeated")
    private List<String> channels = new ArrayList<>();

    private final List<Map.Entry<Map<String, Object>, Transport>> transports;
    private final List<IndexFormat> formats;
    private final List<ProfileFormat> profiles;
    private final List<Signer> signers;

    /** Created by Declarative Services. */
    @Activate
    public SignCommand(
            @org.osgi.service.component.annotations.Reference
                    List<Map.Entry<Map<String, Object>, Transport>> transports,
            @org.osgi.service.component.annotations.Reference List<IndexFormat> formats,
            @org.osgi.service.component.annotations.Reference List<ProfileFormat> profiles,
            @org.osgi.service.component.annotations.Reference List<Signer> signers) {
        this.transports = transports;
        this.formats = formats;
        this.profiles = profiles;
        this.signers = signers;
    }

    @Override
    public Integer call() throws IOException {
        Signing signing = sign.signing(signers);
        if (signing == null) {
            throw new IllegalArgumentException("--sign KEY is missing: what is it signed with?");
        }
        URI base = Reference.uri(repository);
        if ("file".equals(base.getScheme()) && Files.isRegularFile(Path.of(base))) {
            signing.signFile(Path.of(base));
            System.out.println("signed   " + Path.of(base));
            return OK;
        }
        try (Repository opened = Schemes.find(transports, base.getScheme()).open(base)) {
            int count = signAll(opened, signing);
            opened.sync();
            if (count == 0) {
                throw new IOException(
                        "there is nothing of format " + format + " to sign in " + repository);
            }
        }
        return OK;
    }

    private int signAll(Repository opened, Signing signing) throws IOException {
        IndexFormat index = IndexFormat.find(formats, format);
        Catalog catalog = index.catalog(opened);
        int count = 0;
        for (Catalog.Channel channel : catalog.channels()) {
            if (channels.isEmpty() || channels.contains(channel.name())) {
                Reference reference = new Reference(opened.base(), channel.name(), null);
                sign(opened, signing, index.entry(reference), Kind.POINTER);
                count++;
            }
        }
        if (!channels.isEmpty()) {
            requireAll(count);
            return count;
        }
        for (ImageInfo image : catalog.images()) {
            Reference reference = new Reference(opened.base(), null, image.digest());
            sign(opened, signing, index.entry(reference), Kind.DOCUMENT);
            count++;
        }
        return count + signProfiles(opened, signing);
    }

    private void requireAll(int count) throws FetchException.Missing {
        if (count < channels.size()) {
            throw new FetchException.Missing(
                    "not all of the channels " + channels + " are in " + repository);
        }
    }

    /** Signs the profiles below the layout's folder; their paths in it are the format's matter. */
    private int signProfiles(Repository opened, Signing signing) throws IOException {
        if (profiles.isEmpty()) {
            return 0;
        }
        List<String> paths;
        try (Stream<Repository.Entry> entries = opened.list(PROFILES)) {
            paths =
                    entries.map(Repository.Entry::path)
                            .filter(path -> path.endsWith(".json"))
                            .sorted()
                            .toList();
        }
        for (String path : paths) {
            sign(opened, signing, path, Kind.POINTER);
        }
        return paths.size();
    }

    private static void sign(Repository opened, Signing signing, String path, Kind kind)
            throws IOException {
        signing.sign(opened, path, kind);
        System.out.println("signed   " + Statement.pathOf(path));
    }
}
