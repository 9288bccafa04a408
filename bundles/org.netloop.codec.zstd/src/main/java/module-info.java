/** The codec {@code zstd}. */
module org.netloop.codec.zstd {
    requires com.github.luben.zstd_jni;
    requires org.netloop.api;
    requires static org.jspecify;
    requires static org.osgi.service.component.annotations;
    requires static osgi.annotation;

    provides org.netloop.api.codec.Codec with
            org.netloop.codec.zstd.ZstdCodec;
}
