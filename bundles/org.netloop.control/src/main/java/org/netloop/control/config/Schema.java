package org.netloop.control.config;

import org.jspecify.annotations.Nullable;
import org.netloop.api.message.Failures;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

/**
 * Known settings: the metatype descriptions (OSGi Compendium 105) in the bundles.
 *
 * @param described by PID
 */
public record Schema(Map<String, Described> described) {
    private static final Logger LOG = LoggerFactory.getLogger(Schema.class);

    /**
     * Description of a PID.
     *
     * @param several whether there may be several of it, each with a name
     * @param title what it is called
     * @param description what it is
     * @param attributes its keys
     */
    public record Described(
            boolean several, String title, String description, Map<String, Attribute> attributes) {}

    /** Reads the descriptions in the bundles that are installed now. */
    public static Schema of(BundleContext context) {
        return of(List.of(context.getBundles()));
    }

    /** Reads the descriptions in some bundles. */
    static Schema of(List<Bundle> bundles) {
        Map<String, Described> described = new TreeMap<>();
        for (Bundle bundle : bundles) {
            var files = bundle.findEntries("OSGI-INF/metatype", "*.xml", false);
            for (URL file : files == null ? List.<URL>of() : Collections.list(files)) {
                try (InputStream in = file.openStream()) {
                    described.putAll(read(in));
                } catch (IOException | RuntimeException e) {
                    LOG.warn(
                            "{} of {} is not a metatype description: {}",
                            file,
                            bundle,
                            Failures.sentence(e));
                }
            }
        }
        return new Schema(described);
    }

    static Map<String, Described> read(InputStream in) throws IOException {
        Element root;
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            root = factory.newDocumentBuilder().parse(in).getDocumentElement();
        } catch (SAXException | ParserConfigurationException e) {
            throw new IOException(e.getMessage(), e);
        }
        Map<String, Element> classes = new HashMap<>();
        children(root, "OCD").forEach(ocd -> classes.put(ocd.getAttribute("id"), ocd));
        Map<String, Described> described = new HashMap<>();
        for (Element designate : children(root, "Designate")) {
            boolean several = designate.hasAttribute("factoryPid");
            String pid = designate.getAttribute(several ? "factoryPid" : "pid");
            for (Element object : children(designate, "Object")) {
                Element ocd = classes.get(object.getAttribute("ocdref"));
                if (ocd != null) {
                    described.put(pid, described(several, ocd));
                }
            }
        }
        return described;
    }

    private static Described described(boolean several, Element ocd) {
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        for (Element ad : children(ocd, "AD")) {
            int cardinality =
                    ad.hasAttribute("cardinality")
                            ? Integer.parseInt(ad.getAttribute("cardinality"))
                            : 0;
            boolean optional =
                    ad.getAttribute("required").equals("false") || ad.hasAttribute("default");
            attributes.put(
                    ad.getAttribute("id"),
                    new Attribute(
                            ad.getAttribute("id"),
                            ad.getAttribute("type"),
                            cardinality != 0,
                            !optional,
                            optional(ad, "min"),
                            optional(ad, "max"),
                            children(ad, "Option").stream()
                                    .map(option -> option.getAttribute("value"))
                                    .toList(),
                            ad.getAttribute("description")));
        }
        return new Described(
                several, ocd.getAttribute("name"), ocd.getAttribute("description"), attributes);
    }

    private static @Nullable String optional(Element element, String attribute) {
        return element.hasAttribute(attribute) ? element.getAttribute(attribute) : null;
    }

    private static List<Element> children(Element parent, String name) {
        List<Element> found = new ArrayList<>();
        NodeList nodes = parent.getChildNodes();
        for (int i = 0; i < nodes.getLength(); i++) {
            Node node = nodes.item(i);
            if (node instanceof Element element && element.getTagName().equals(name)) {
                found.add(element);
            }
        }
        return found;
    }
}
