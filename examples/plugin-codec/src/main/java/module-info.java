/** The codec {@code rle}. */
module com.example.rle {
    requires org.netloop.api;
    requires static org.osgi.service.component.annotations;

    provides org.netloop.api.codec.Codec with
            com.example.rle.RleCodec;
}
