/** The codecs {@code xz}, {@code lz4}, {@code bzip2} and {@code gzip}. */
module org.netloop.codec.compress {
    requires org.apache.commons.compress;
    requires org.netloop.api;
    requires org.tukaani.xz;
    requires static org.jspecify;
    requires static org.osgi.service.component.annotations;
    requires static osgi.annotation;

    provides org.netloop.api.codec.Codec with
            org.netloop.codec.compress.Bzip2Codec,
            org.netloop.codec.compress.GzipCodec,
            org.netloop.codec.compress.Lz4Codec,
            org.netloop.codec.compress.XzCodec;
}
