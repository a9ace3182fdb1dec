package dev.hil.link;

import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.userauth.UserAuthException;
import net.schmizz.sshj.userauth.keyprovider.KeyProvider;
import net.schmizz.sshj.userauth.method.KeyedAuthMethod;

/**
 * Logs in with a key without asking first whether it would do (RFC 4252, section 7, leaves the question out too): a round
 * trip less, and on a board that has just booted each counts.
 */
final class SignedPublicKey extends KeyedAuthMethod {
    SignedPublicKey(KeyProvider key) {
        super("publickey", key);
    }

    @Override
    protected SSHPacket buildReq() throws UserAuthException {
        return putSig(putPubKey(super.buildReq().putBoolean(true)));
    }
}
