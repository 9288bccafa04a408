package org.netloop.assembler.boot;

import org.jspecify.annotations.Nullable;
import org.netloop.assembler.Assembly;
import org.netloop.assembler.AssemblyException;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The choices that a boot loader offers: a kernel command line by title, at least one. The first is
 * taken if nobody chooses. Kernel and initramfs have the names {@value #KERNEL} and {@value
 * #INITRAMFS}.
 *
 * @param entries words of the command line by title
 */
public record BootMenu(Map<String, List<String>> entries) {
    /** Name of the kernel's file beside the menu. */
    public static final String KERNEL = "kernel";

    /** Name of the initramfs beside the menu. */
    public static final String INITRAMFS = "initrd";

    /** The options that {@link #of} reads. */
    public static final Set<String> OPTIONS = Set.of("append", "repo", "channels");

    private static final int SECONDS = 5;
    private static final Pattern TITLE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    /** Words that end a command of iPXE: the loader takes what follows as another command. */
    private static final Set<String> SEPARATORS = Set.of("&&", "||", ";");

    /** Characters that all three loaders pass on as they are. */
    private static final Pattern WORD = Pattern.compile("[!-~&&[^\"'\\\\$]]+");

    /**
     * Reads the options {@code append} (words of the command line), {@code repo} (a repository) and
     * {@code channels} (of that repository, with commas between them).
     *
     * @throws AssemblyException if one of them cannot be passed on
     */
    public static BootMenu of(Assembly assembly) throws AssemblyException {
        List<String> common = words(assembly.options().getOrDefault("append", ""));
        String repository = assembly.option("repo");
        String channels = assembly.option("channels");
        Map<String, List<String>> entries = new LinkedHashMap<>();
        if (repository == null) {
            if (channels != null) {
                throw new AssemblyException(
                        "channels=" + channels + " are those of a repository: name it by -o repo=");
            }
            if (common.stream().noneMatch(word -> word.matches("netloop\\.(repo|nbd)=.+"))) {
                throw new AssemblyException(
                        "nothing says where the root comes from: name it by -o repo=REF, or by"
                                + " netloop.repo= or netloop.nbd= in -o append=");
            }
            entries.put("netloop", common);
            return new BootMenu(entries);
        }
        for (String channel : channels(channels)) {
            String reference =
                    "netloop.repo=" + repository + (channel.isEmpty() ? "" : "#" + channel);
            List<String> words = new ArrayList<>(words(reference));
            words.addAll(common);
            entries.put(channel.isEmpty() ? "netloop" : channel, words);
        }
        return new BootMenu(entries);
    }

    private static List<String> channels(@Nullable String channels) throws AssemblyException {
        if (channels == null) {
            return List.of("");
        }
        List<String> names = List.of(channels.split(",", -1));
        for (String name : names) {
            if (!TITLE.matcher(name).matches()) {
                throw new AssemblyException(
                        "channels=" + channels + ": '" + name + "' is no name of a channel");
            }
        }
        return names;
    }

    private static List<String> words(String text) throws AssemblyException {
        List<String> words = text.isBlank() ? List.of() : List.of(text.strip().split(" +", -1));
        for (String word : words) {
            if (!WORD.matcher(word).matches()) {
                throw new AssemblyException(
                        "'"
                                + word
                                + "' cannot be passed on by a boot loader: it has a quote, a"
                                + " backslash, a dollar sign or a character that is not ASCII");
            }
            if (SEPARATORS.contains(word)) {
                throw new AssemblyException(
                        "'"
                                + word
                                + "' in append= would end the command line: iPXE begins a"
                                + " command after it");
            }
        }
        return words;
    }

    private String first() {
        return entries.keySet().iterator().next();
    }

    private boolean isChoice() {
        return entries.size() > 1;
    }

    /** Returns a script of iPXE, which loads the files beside it. */
    public String ipxe() {
        StringBuilder script = new StringBuilder("#!ipxe\n");
        if (isChoice()) {
            script.append("menu Netloop\n");
            entries.keySet()
                    .forEach(title -> script.append("item %s %s%n".formatted(title, title)));
            script.append(
                    "choose --default %s --timeout %d entry && goto ${entry}%n"
                            .formatted(first(), SECONDS * 1000));
        }
        entries.forEach(
                (title, words) ->
                        script.append(
                                ":%s%nimgfree%nkernel %s initrd=%s %s || exit 1%ninitrd %s || exit 1%nboot || exit 1%n"
                                        .formatted(
                                                title,
                                                KERNEL,
                                                INITRAMFS,
                                                String.join(" ", words),
                                                INITRAMFS)));
        return script.toString();
    }

    /**
     * Returns a configuration of GRUB, which takes the variable {@code base} for the place of the
     * files.
     */
    public String grub() {
        return "set timeout=%d%n".formatted(isChoice() ? SECONDS : 0)
                + entries.entrySet().stream()
                        .map(
                                entry ->
                                        "menuentry '%s' {%n linux $base/%s %s%n initrd $base/%s%n}%n"
                                                .formatted(
                                                        entry.getKey(),
                                                        KERNEL,
                                                        entry.getValue().stream()
                                                                .map(word -> "'" + word + "'")
                                                                .collect(Collectors.joining(" ")),
                                                        INITRAMFS))
                        .collect(Collectors.joining());
    }

    /** Returns a configuration of ISOLINUX, for files in its root. */
    public String isolinux() {
        StringBuilder text = new StringBuilder();
        text.append("default %s%n".formatted(first()));
        if (isChoice()) {
            text.append("say Choose one of: %s%n".formatted(String.join(" ", entries.keySet())));
        }
        text.append("prompt %d%ntimeout %d%n".formatted(isChoice() ? 1 : 0, SECONDS * 10));
        entries.forEach(
                (title, words) ->
                        text.append(
                                "label %s%n kernel /%s%n append initrd=/%s %s%n"
                                        .formatted(
                                                title,
                                                KERNEL,
                                                INITRAMFS,
                                                String.join(" ", words))));
        return text.toString();
    }
}
