/** The codec {@code zlib}. */
module org.netloop.codec.zlib {
    requires org.netloop.api;
    requires static org.jspecify;
    requires static org.osgi.service.component.annotations;
    requires static osgi.annotation;

    provides org.netloop.api.codec.Codec with
            org.netloop.codec.zlib.ZlibCodec,
            org.netloop.codec.zlib.PaddedDeflateCodec;
}
