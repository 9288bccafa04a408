/** The index format {@code mosaic}. */
module com.example.mosaic {
    requires org.netloop.api;
    requires static org.osgi.service.component.annotations;

    provides org.netloop.api.index.IndexFormat with
            com.example.mosaic.MosaicFormat;
}
