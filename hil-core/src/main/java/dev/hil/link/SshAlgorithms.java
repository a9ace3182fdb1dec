package dev.hil.link;

import com.hierynomus.sshj.key.KeyAlgorithms;
import com.hierynomus.sshj.transport.cipher.BlockCiphers;
import com.hierynomus.sshj.transport.cipher.ChachaPolyCiphers;
import com.hierynomus.sshj.transport.cipher.GcmCiphers;
import com.hierynomus.sshj.transport.kex.DHGroups;
import com.hierynomus.sshj.transport.kex.ExtInfoClientFactory;
import com.hierynomus.sshj.transport.mac.Macs;
import java.util.List;
import net.schmizz.keepalive.KeepAliveProvider;
import net.schmizz.sshj.DefaultConfig;
import net.schmizz.sshj.transport.kex.Curve25519SHA256;
import net.schmizz.sshj.transport.kex.ECDHNistP;

/**
 * The algorithms offered to a board, cheapest sound ones first: a small board spends most of a handshake on them, and
 * building sshj's full list costs a JVM 0.3 s. Everything that OpenSSH and dropbear of the last ten years speak is in.
 */
final class SshAlgorithms extends DefaultConfig {
    private static final SshAlgorithms INSTANCE = new SshAlgorithms();

    private SshAlgorithms() {
        // The default, HEARTBEAT, sends packets but never notices that nothing comes back.
        setKeepAliveProvider(KeepAliveProvider.KEEP_ALIVE);
    }

    static SshAlgorithms get() {
        return INSTANCE;
    }

    @Override
    protected void initKeyExchangeFactories() {
        setKeyExchangeFactories(List.of(
                new Curve25519SHA256.Factory(),
                new Curve25519SHA256.FactoryLibSsh(),
                new ECDHNistP.Factory256(),
                DHGroups.Group14SHA256(),
                new ExtInfoClientFactory()));
    }

    @Override
    protected void initKeyAlgorithms() {
        setKeyAlgorithms(List.of(
                KeyAlgorithms.EdDSA25519(),
                KeyAlgorithms.ECDSASHANistp256(),
                KeyAlgorithms.ECDSASHANistp384(),
                KeyAlgorithms.ECDSASHANistp521(),
                KeyAlgorithms.RSASHA512(),
                KeyAlgorithms.RSASHA256()));
    }

    @Override
    protected void initCipherFactories() {
        setCipherFactories(List.of(
                // Without AES instructions, or under emulation, by far the fastest.
                ChachaPolyCiphers.CHACHA_POLY_OPENSSH(),
                BlockCiphers.AES128CTR(),
                GcmCiphers.AES128GCM(),
                BlockCiphers.AES256CTR(),
                GcmCiphers.AES256GCM()));
    }

    @Override
    protected void initMACFactories() {
        setMACFactories(List.of(Macs.HMACSHA2256(), Macs.HMACSHA2256Etm(), Macs.HMACSHA2512(), Macs.HMACSHA2512Etm()));
    }
}
