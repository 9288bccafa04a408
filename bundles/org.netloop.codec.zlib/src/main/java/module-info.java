/** The codecs {@code zlib} and {@code deflate}. */
module org.netloop.codec.zlib {
    requires org.netloop.api;
    requires static org.jspecify;
    requires static org.osgi.service.component.annotations;
    requires static osgi.annotation;

    provides org.netloop.api.codec.Codec with
            org.netloop.codec.zlib.DeflateCodec,
            org.netloop.codec.zlib.ZlibCodec;
}
