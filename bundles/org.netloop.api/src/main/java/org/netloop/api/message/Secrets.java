package org.netloop.api.message;

import java.net.URI;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes secrets out of text before anybody sees it: before it becomes a message, a line of a log, a
 * status, JSON, or the name or content of a file.
 *
 * <p>What is taken out:
 *
 * <ul>
 *   <li>the user information of every URI in the text, also of malformed ones: it is left away;
 *   <li>the values of parameters of a URI whose name says that they are secret (a signature, a
 *       token, a key), and those that look like one: they become {@value #HIDDEN};
 *   <li>what follows {@code Authorization:}, {@code Bearer} or {@code Basic};
 *   <li>what is assigned to a name that says that it is secret ({@code aws_secret_access_key=…}).
 * </ul>
 *
 * <p>A secret that is part of a URI's path cannot be told from a name, and is shown. All methods
 * take time in proportion to the text, and may be called by any thread.
 */
public final class Secrets {
    /** Text that replaces a secret. */
    public static final String HIDDEN = "***";

    /**
     * Names of URI parameters that hold a secret; the short ones are matched only there, because
     * elsewhere they are plain words.
     */
    private static final Pattern SECRET_PARAMETER =
            Pattern.compile(
                    "(?:[\\w.-]*(?:sig(?:nature)?|token|secret|passw(?:or)?d|passphrase|credentials?"
                            + "|api_?key|access_?key(?:_?id)?|private_?key|authorization|hmac|jwt)_*"
                            + "|key|auth|pwd|pass|key-pair-id|policy|md5|hdnts|hdnea|hdntl|sid|code)=",
                    Pattern.CASE_INSENSITIVE);

    /**
     * Anything before an {@code @} of an authority; or a user, a colon and what cannot be a port,
     * which is a password with something in it that ends an authority.
     */
    private static final Pattern USER_INFORMATION =
            Pattern.compile(
                    "((?<![:/\\w])|[A-Za-z][A-Za-z0-9+.-]{0,40}:)//(?:"
                            + "[^/?#\\s\"<>]*@"
                            + "|[^/?#\\s'\"<>:@\\[\\]]*:(?![0-9]*(?:[^\\w@%]|$))"
                            + "(?:[^\\s@\"<>]{1,80}(?:\\s[^\\s@\"<>\\[\\]]{0,40}){0,3}@|[^\\s'\"<>]*))");

    private static final Pattern PARAMETER =
            Pattern.compile("([?&;#])([\\w.~%\\[\\]-]{1,80}=)?([^&;#\\s'\"<>)]+)");

    /** No word of a language, no number and no path: long, with digits among its letters. */
    private static final Pattern LOOKS_SECRET =
            Pattern.compile(
                    "(?=[^0-9]*[0-9])(?=[^A-Za-z]*[A-Za-z])[\\w+=~%*-]{20,}|eyJ[\\w.=-]{20,}");

    private static final Pattern HEADER =
            Pattern.compile(
                    "\\b((?:Proxy-)?Authorization\\s*[:=]\\s*)[^\\n\\r'\"]+",
                    Pattern.CASE_INSENSITIVE);

    /** A plain word after it is no secret: "bearer token", "basic settings". */
    private static final Pattern SCHEME =
            Pattern.compile(
                    "\\b(bearer|basic|negotiate|aws4-hmac-sha256)(\\s+)"
                            + "(?!(?-i:[a-z]{1,14})(?:[\\s,.;)'\"]|:\\s|$))[^\\s'\"<>,]+",
                    Pattern.CASE_INSENSITIVE);

    /**
     * Assignment to a secret, with the characters before the name, which may be part of a longer
     * one.
     */
    private static final Pattern ASSIGNMENT =
            Pattern.compile(
                    "((?:signature|token|secret|passw(?:or)?d|passphrase|api_?key"
                            + "|access_?key(?:_?id)?|private_?key|credential)[\\w.-]{0,20}"
                            + "(?:\\s{0,3}=\\s{0,3}|['\"]\\s{0,3}:\\s{0,3}|>)['\"]?)[^\\s'\"<>,;&]+",
                    Pattern.CASE_INSENSITIVE);

    private static final Pattern ACCESS_KEY = Pattern.compile("\\b(?:AKIA|ASIA)[A-Z0-9]{12,}\\b");

    private static final Pattern SECRET_SETTING =
            Pattern.compile(
                    "(?:.*[._-])?(?:authorization|passw(?:or)?d|passphrase|secret|token|credentials?"
                            + "|(?:secret|api|private|access|session)[._-]?key(?:[._-]?id)?)",
                    Pattern.CASE_INSENSITIVE);

    private Secrets() {}

    /** Returns a URI without its secrets, fit to be shown. */
    public static String hide(URI uri) {
        return hide(uri.toString());
    }

    /**
     * Returns a text without the secrets in it, fit to be shown; it may have any length and contain
     * any number of URIs.
     */
    public static String hide(String text) {
        if (text.isEmpty()) {
            return text;
        }
        String shown = HEADER.matcher(text).replaceAll("$1" + HIDDEN);
        shown = SCHEME.matcher(shown).replaceAll("$1$2" + HIDDEN);
        if (shown.contains("//")) {
            shown = USER_INFORMATION.matcher(shown).replaceAll("$1//");
        }
        shown = PARAMETER.matcher(shown).replaceAll(Secrets::parameter);
        shown = ASSIGNMENT.matcher(shown).replaceAll("$1" + HIDDEN);
        return ACCESS_KEY.matcher(shown).replaceAll(HIDDEN);
    }

    /**
     * A value made of texts, lists and maps, all texts in it as they may be shown; order and all
     * else are as they were. A member whose name is that of a secret ({@link #isSecret}) is hidden
     * whole.
     */
    public static Object hideAll(Object value) {
        return switch (value) {
            case String text -> hide(text);
            case Collection<?> several -> several.stream().map(Secrets::hideAll).toList();
            case Map<?, ?> named -> hideMembers(named);
            default -> value;
        };
    }

    private static Map<Object, Object> hideMembers(Map<?, ?> named) {
        Map<Object, Object> shown = new LinkedHashMap<>();
        named.forEach(
                (name, value) ->
                        shown.put(name, isSecret(String.valueOf(name)) ? HIDDEN : hideAll(value)));
        return Collections.unmodifiableMap(shown);
    }

    private static String parameter(MatchResult found) {
        String name = found.group(2) == null ? "" : found.group(2);
        String value = found.group(3);
        boolean inQuery = found.group(1).equals("&") || found.group(1).equals("?");
        boolean secret =
                SECRET_PARAMETER.matcher(name).matches()
                        || (inQuery && LOOKS_SECRET.matcher(value).matches());
        return Matcher.quoteReplacement(found.group(1) + name + (secret ? HIDDEN : value));
    }

    /**
     * Returns whether the whole value stored under a name, in a configuration or a document, is a
     * secret.
     *
     * @param name of a setting, a property, a variable or a member; its case does not matter
     */
    public static boolean isSecret(String name) {
        return SECRET_SETTING.matcher(name).matches();
    }
}
