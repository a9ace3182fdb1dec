package dev.hil.klog;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Makes the log of a busy machine of any size, with reports strewn in, the same for the same seed. */
final class NoisyLog {

    private static final List<String> NOISE = List.of(
            "usb 1-1.%d: new high-speed USB device number %d using xhci_hcd",
            "EXT4-fs (mmcblk1p%d): mounted filesystem with ordered data mode. Opts: (null). Quota mode: none. %d",
            "systemd[1]: Started Session %d of user root, scope %d.",
            "audit: type=1400 audit(1700000000.%03d:%d): avc: denied { read } for pid=4242 comm=\"cat\" name=\"log\"",
            "rk_gmac-dwmac fe1c0000.ethernet eth0: Link is Up - %dGbps/Full - flow control rx/tx %d",
            "dwmmc_rockchip fe2c0000.mmc: Successfully tuned phase to %d (attempt %d)",
            "logger: !@Boot_DEBUG: start network %d of %d",
            "netlink: %d bytes leftover after parsing attributes in process `ip', pid %d.",
            "rockchip-vop2 fdd90000.vop: [drm:vop2_crtc_atomic_enable] Update mode to 1920x1080p%d, type: %d",
            "panfrost fb000000.gpu: clock rate = %d, state %d",
            "BTRFS info (device nvme0n1p%d): using crc32c (crc32c-generic) checksum algorithm, generation %d",
            "IPv6: ADDRCONF(NETDEV_CHANGE): veth%d: link becomes ready after %d ms",
            "device veth%d entered promiscuous mode, users %d",
            "perf: interrupt handler is at %d percent of its budget, lowering kernel.perf_event_max_sample_rate to %d",
            "kauditd_printk_skb: %d callbacks suppressed, %d lost",
            "nvme nvme%d: %d/0/0 default/read/poll queues",
            "random: crng reseeded, source %d, entropy %d",
            "r8152 2-1:1.0 enx%012d: carrier on, speed %d",
            "docker0: port %d(veth1a2b3c) entered forwarding state, id %d",
            "thermal thermal_zone%d: trip point reached, temperature %d, throttling");

    private static final List<String> REPORTS = List.of("""
            ======================================================
            WARNING: possible circular locking dependency detected
            6.12.117-hil #1 Not tainted
            ------------------------------------------------------
            kworker/%1$d:2/812 is trying to acquire lock:
            ffff888101f0a0d8 (&dev->mutex%1$d){+.+.}-{4:4}, at: foo_ioctl+0x12/0x40

            but task is already holding lock:
            ffff888101f0a1d8 (&ctx->mutex%1$d){+.+.}-{4:4}, at: bar_open+0x12/0x40

            which lock already depends on the new lock.


            the existing dependency chain (in reverse order) is:

            -> #1 (&ctx->mutex%1$d){+.+.}-{4:4}:
                   lock_acquire+0x10/0x20
                   __mutex_lock+0x9c/0x860
                   bar_open+0x22/0x60
                   vfs_open+0x2c/0x40
                   path_openat+0x8d0/0x1020
                   el0t_64_sync_handler+0x120/0x12c
                   el0t_64_sync+0x190/0x194

            -> #0 (&dev->mutex%1$d){+.+.}-{4:4}:
                   __lock_acquire+0x12f4/0x1e90
                   lock_acquire+0x10/0x20
                   __mutex_lock+0x9c/0x860
                   foo_ioctl+0x12/0x40
                   __arm64_sys_ioctl+0xb4/0xec
                   el0t_64_sync+0x190/0x194

            other info that might help us debug this:

             Possible unsafe locking scenario:

                   CPU0                    CPU1
                   ----                    ----
              lock(&ctx->mutex%1$d);
                                           lock(&dev->mutex%1$d);
                                           lock(&ctx->mutex%1$d);
              lock(&dev->mutex%1$d);

             *** DEADLOCK ***

            1 lock held by kworker/%1$d:2/812:
             #0: ffff888101f0a1d8 (&ctx->mutex%1$d){+.+.}-{4:4}, at: bar_open+0x12/0x40

            stack backtrace:
            CPU: 1 UID: 0 PID: 812 Comm: kworker/%1$d:2 Not tainted 6.12.117-hil #1
            Hardware name: Rockchip RK3588 board (DT)
            Call trace:
             dump_backtrace+0xa0/0x128
             show_stack+0x20/0x38
             dump_stack_lvl+0x90/0xd0
             print_circular_bug+0x1f0/0x228
             foo_ioctl+0x12/0x40
             __arm64_sys_ioctl+0xb4/0xec
             el0t_64_sync+0x190/0x194
            """, """
            ------------[ cut here ]------------
            WARNING: CPU: %1$d PID: 4242 at drivers/media/common/videobuf2/videobuf2-core.c:1612 vb2_start_streaming+0xd8/0x158
            Modules linked in: rockchip_vdec hantro_vpu v4l2_vp9 v4l2_h264
            CPU: %1$d UID: 0 PID: 4242 Comm: ffmpeg Not tainted 6.12.117-hil #1
            Hardware name: Rockchip RK3588 board (DT)
            pstate: 60400009 (nZCv daif +PAN -UAO -TCO -DIT -SSBS BTYPE=--)
            pc : vb2_start_streaming+0xd8/0x158
            lr : vb2_start_streaming+0x7c/0x158
            sp : ffff800083d0bb60
            x29: ffff800083d0bb60 x28: ffff0001026a0000 x27: 0000000000000000
            Call trace:
             vb2_start_streaming+0xd8/0x158
             vb2_core_streamon+0xd8/0x1b8
             v4l_streamon+0x28/0x38
             el0t_64_sync+0x190/0x194
            ---[ end trace 0000000000000000 ]---
            """, """
            BUG: sleeping function called from invalid context at kernel/locking/mutex.c:585
            in_atomic(): 1, irqs_disabled(): 128, non_block: 0, pid: %1$d, name: modprobe
            preempt_count: 1, expected: 0
            RCU nest depth: 0, expected: 0
            CPU: 3 UID: 0 PID: %1$d Comm: modprobe Not tainted 6.12.117-hil #1
            Call trace:
             dump_stack_lvl+0x90/0xd0
             __might_resched+0x15c/0x240
             mutex_lock_nested+0x2c/0x40
             clk_prepare_lock+0x50/0xb0
             rga_runtime_resume+0x24/0x60
             el0t_64_sync+0x190/0x194
            """, """
            INFO: task ffmpeg:%1$d blocked for more than 120 seconds.
                  Not tainted 6.12.117-hil #1
            "echo 0 > /proc/sys/kernel/hung_task_timeout_secs" disables this message.
            task:ffmpeg          state:D stack:0     pid:%1$d tgid:%1$d ppid:1      flags:0x00000008
            Call trace:
             __switch_to+0xf0/0x150
             __schedule+0x2dc/0x8e0
             schedule+0x34/0x100
             vb2_core_dqbuf+0x1f0/0x5f8
             el0t_64_sync+0x190/0x194
            """);

    private final Random random;
    private final OutputStream out;
    private long micros = 1_000_000;
    private long written;

    private NoisyLog(OutputStream out, long seed) {
        this.out = out;
        random = new Random(seed);
    }

    /** Writes about {@code bytes} of log with exactly {@code reports} reports in it. */
    static void write(OutputStream out, long bytes, int reports, long seed) throws IOException {
        new NoisyLog(out, seed).write(bytes, reports);
    }

    private void write(long bytes, int reports) throws IOException {
        line("Linux version 6.12.117-hil (hil@lab) #1 SMP PREEMPT");
        line("Lock dependency validator: Copyright (c) 2006 Red Hat, Inc., Ingo Molnar");
        for (int done = 0; done < reports; done++) {
            long until = bytes / (reports + 1) * (done + 1);
            while (written < until) {
                noise();
            }
            String report = REPORTS.get(done % REPORTS.size()).formatted(random.nextInt(32));
            for (String line : report.lines().toList()) {
                line(line);
            }
            noise();
        }
        while (written < bytes) {
            noise();
        }
    }

    private void noise() throws IOException {
        line(NOISE.get(random.nextInt(NOISE.size())).formatted(random.nextInt(8), random.nextInt(100_000)));
    }

    private void line(String text) throws IOException {
        micros += random.nextInt(400);
        byte[] line = "[%5d.%06d] %s%n"
                .formatted(micros / 1_000_000, micros % 1_000_000, text)
                .getBytes(StandardCharsets.UTF_8);
        out.write(line);
        written += line.length;
    }
}
