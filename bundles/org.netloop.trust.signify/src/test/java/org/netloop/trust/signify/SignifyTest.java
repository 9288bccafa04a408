package org.netloop.trust.signify;

import org.netloop.api.trust.Signer;
import org.netloop.tck.SignerContract;

class SignifyTest extends SignerContract {
    private final Signify signify = new Signify();

    @Override
    protected Signer signer() {
        return signify;
    }
}
