package org.netloop.profile;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.message.Failures;
import org.netloop.api.profile.Pack;
import org.netloop.api.profile.Profile;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchException.Corrupt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Reads the document of a profile, which nobody vouches for, in one pass. Used once. */
final class ProfileParser {
    private static final int DEEPEST = 6;
    private static final int LONGEST_TEXT = 1024;
    private static final int LONGEST_NUMBER = 20;

    /** Names are not kept in a table: it would grow with what a hostile document says. */
    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(DEEPEST)
                                    .maxStringLength(LONGEST_TEXT)
                                    .maxNameLength(LONGEST_TEXT)
                                    .maxNumberLength(LONGEST_NUMBER)
                                    .build())
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .build();

    private final String object;
    private final JsonParser json;

    private ProfileParser(String object, JsonParser json) {
        this.object = object;
        this.json = json;
    }

    static Profile parse(String object, ByteBuffer document) throws FetchException {
        byte[] bytes = new byte[document.remaining()];
        document.duplicate().get(bytes);
        try (JsonParser json = FACTORY.createParser(bytes)) {
            return new ProfileParser(object, json).profile();
        } catch (FetchException e) {
            throw e;
        } catch (IOException | IllegalArgumentException | IllegalStateException e) {
            throw new Corrupt(object + " is malformed: " + Failures.sentence(e), e);
        }
    }

    private Profile profile() throws IOException {
        expect(json.nextToken(), JsonToken.START_OBJECT, "the document", "an object");
        if (!ProfileDocuments.KIND.equals(text(ProfileDocuments.MAGIC))) {
            throw corrupt(ProfileDocuments.MAGIC, "'" + ProfileDocuments.KIND + "'");
        }
        name(ProfileDocuments.VERSION);
        if (number(ProfileDocuments.VERSION, 0, Integer.MAX_VALUE)
                != ProfileDocuments.THIS_VERSION) {
            throw new FetchException.Unsupported(
                    object
                            + " is of another version than "
                            + ProfileDocuments.THIS_VERSION
                            + ": update the feature profile");
        }
        Digest image = Digest.parse(text(ProfileDocuments.IMAGE));
        String name = text(ProfileDocuments.NAME);
        List<Profile.Entry> entries = entries();
        Pack pack = null;
        String last = json.nextFieldName();
        if (ProfileDocuments.PACK.equals(last)) {
            pack = pack();
            last = json.nextFieldName();
        }
        if (last != null || json.nextToken() != null) {
            throw new Corrupt(object + " continues where it should end");
        }
        return new Profile(image, name, entries, pack);
    }

    private List<Profile.Entry> entries() throws IOException {
        array(ProfileDocuments.ENTRIES);
        List<Profile.Entry> entries = new ArrayList<>();
        while (row(ProfileDocuments.ENTRIES, entries.size())) {
            long offset = number(ProfileDocuments.ENTRIES, 0, Long.MAX_VALUE);
            long length = number(ProfileDocuments.ENTRIES, 1, Long.MAX_VALUE - offset);
            long after = number(ProfileDocuments.ENTRIES, 0, Long.MAX_VALUE);
            entries.add(new Profile.Entry(offset, length, after));
            endRow(ProfileDocuments.ENTRIES);
        }
        return entries;
    }

    private Pack pack() throws IOException {
        expect(json.nextToken(), JsonToken.START_OBJECT, ProfileDocuments.PACK, "an object");
        String path = text(ProfileDocuments.PATH);
        array(ProfileDocuments.PIECES);
        List<Pack.Piece> pieces = new ArrayList<>();
        while (row(ProfileDocuments.PIECES, pieces.size())) {
            String key = json.nextTextValue();
            if (key == null) {
                throw corrupt(ProfileDocuments.PIECES, "a digest and a length each");
            }
            int length = (int) number(ProfileDocuments.PIECES, 1, Integer.MAX_VALUE);
            pieces.add(new Pack.Piece(Digest.parse(key), length));
            endRow(ProfileDocuments.PIECES);
        }
        expect(json.nextToken(), JsonToken.END_OBJECT, ProfileDocuments.PACK, "ended here");
        return new Pack(path, pieces);
    }

    private void name(String member) throws IOException {
        if (!member.equals(json.nextFieldName())) {
            throw corrupt(member, "there, in its place");
        }
    }

    private String text(String member) throws IOException {
        name(member);
        String text = json.nextTextValue();
        if (text == null) {
            throw corrupt(member, "text");
        }
        return text;
    }

    private void array(String member) throws IOException {
        name(member);
        expect(json.nextToken(), JsonToken.START_ARRAY, member, "an array of arrays");
    }

    /** True at the begin of a row, false at the end of the array. */
    private boolean row(String member, int before) throws IOException {
        JsonToken token = json.nextToken();
        if (token == JsonToken.END_ARRAY) {
            return false;
        }
        expect(token, JsonToken.START_ARRAY, member, "an array of arrays");
        if (before == Profile.MAX_ENTRIES) {
            throw corrupt(member, "at most " + Profile.MAX_ENTRIES);
        }
        return true;
    }

    private void endRow(String member) throws IOException {
        expect(json.nextToken(), JsonToken.END_ARRAY, member, "ended here");
    }

    private long number(String member, long min, long max) throws IOException {
        if (json.nextToken() == JsonToken.VALUE_NUMBER_INT
                && json.getNumberType() != NumberType.BIG_INTEGER) {
            long number = json.getLongValue();
            if (number >= min && number <= max) {
                return number;
            }
        }
        throw corrupt(member, "a number from " + min + " to " + max);
    }

    private void expect(@Nullable JsonToken token, JsonToken wanted, String member, String expected)
            throws Corrupt {
        if (token != wanted) {
            throw corrupt(member, expected);
        }
    }

    private Corrupt corrupt(String member, String expected) {
        return new Corrupt(
                object
                        + ": "
                        + member
                        + " is not "
                        + expected
                        + " (at character "
                        + json.currentTokenLocation().getCharOffset()
                        + ")");
    }
}
