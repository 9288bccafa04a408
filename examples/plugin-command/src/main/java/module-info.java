/** The command {@code gapcount}. */
open module com.example.gapcount {
    requires info.picocli;
    requires org.netloop.api;
    requires static org.osgi.service.component.annotations;
}
