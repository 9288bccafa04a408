package org.netloop.api.index;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.regex.Pattern;

/**
 * Recognition of HTML by its first bytes, as browsers do it (WHATWG MIME Sniffing, 7.1), after a
 * byte order mark, comments and an XML declaration. Stateless.
 */
final class HtmlPage {
    /** Enough for the comments that servers begin a page with. */
    private static final int LOOKED_AT = 1024;

    /** Possessive: no text makes it try twice. */
    private static final Pattern BEGIN =
            Pattern.compile(
                    "(?:\u00ef\u00bb\u00bf)?+\\s*+(?:<\\?xml[^>]*+>\\s*+|<!--(?:(?!-->)[^\0])*+-->\\s*+)*+"
                            + "<(?:!doctype\\s++html|html|head|body|title|script|style|meta|h1)[\\s>].*+",
                    Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private HtmlPage() {}

    /**
     * Returns whether a file begins as a page.
     *
     * @param tail not looked at
     */
    static boolean begins(ByteBuffer head, ByteBuffer tail) {
        byte[] bytes = new byte[Math.min(LOOKED_AT, head.remaining())];
        head.get(head.position(), bytes);
        return BEGIN.matcher(new String(bytes, ISO_8859_1)).matches();
    }
}
