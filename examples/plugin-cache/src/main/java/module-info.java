/** The cache {@code attic}. */
module com.example.attic {
    requires org.netloop.api;
    requires static org.osgi.service.component.annotations;

    provides org.netloop.api.cache.BlockCache with
            com.example.attic.AtticCache;
}
