import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Content of a broken update: its manifest says how it fails. */
public final class Faulty implements BundleActivator {
    @Override
    public void start(BundleContext context) throws InterruptedException {
        if ("hang".equals(context.getBundle().getHeaders().get("Fault"))) {
            Thread.sleep(Long.MAX_VALUE);
        }
        throw new IllegalStateException("on purpose");
    }

    @Override
    public void stop(BundleContext context) {}
}
