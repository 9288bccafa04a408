package org.netloop.command;

import org.osgi.framework.FrameworkUtil;

import picocli.CommandLine;

/** The version of this bundle. */
public final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"netloop " + FrameworkUtil.getBundle(Version.class).getVersion()};
    }
}
