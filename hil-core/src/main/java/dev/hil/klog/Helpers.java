package dev.hil.klog;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Functions that say nothing of where a defect is: they print the report, take the lock, allocate, or lead from the
 * interrupt to it.
 */
final class Helpers {

    private static final Pattern HELPER = Pattern.compile(
            "^(?:__?)*(?:dump_stack|show_stack|dump_backtrace|dump_cpu|sched_show|arch_trigger|trigger_|show_regs|show_trace|context_switch|unwind_backtrace"
                    + "|walk_stackframe|print_|check_|spin_(?:dump|bug)|rwlock_bug|lockdep_|lock_(?:acquire|release|downgrade|acquired|contended)"
                    + "|mark_lock|mark_usage|valid_state|register_lock_class|assign_lock_key|look_up_lock_class|validate_chain|add_lock_to_list|save_trace"
                    + "|mutex_(?:lock|unlock|trylock)|ww_mutex|raw_(?:spin|read|write)_|spin_(?:lock|unlock|trylock)|do_raw_(?:spin|read|write)_"
                    + "|(?:raw_)?(?:read|write)_(?:lock|unlock|seq)|(?:percpu_)?down_(?:read|write)|down\\b|down_(?:interruptible|killable|trylock|timeout)|up_(?:read|write)"
                    + "|rt_mutex|rtlock|rwbase|rwsem|semaphore|might_(?:sleep|fault|resched)|debug_smp|preempt_|this_cpu_preempt|schedule|sched_text"
                    + "|schedule_bug|warn|report_bug|panic|handle_bug|exc_|asm_exc_|asm_|do_(?:error_trap|trap|invalid_op|general_protection|page_fault|user_addr_fault)"
                    + "|invalid_op|fixup_bug|error_entry|page_fault|general_protection|bad_area|no_context|async_page_fault|stack_trace"
                    + "|kasan_|kmsan_|kcsan_|kfence_|tsan_|asan_|msan_|ubsan_|sanitizer_|refcount_|list_(?:add|del)_valid|debug_(?:print_object|check|object|mutex|spin)"
                    + "|save_stack|arch_stack_walk|stack_chk_fail|die|oops_|notify_die|mem_abort|el1|el0|do_mem_abort|do_translation_fault|do_sea"
                    + "|arm64_serror|bug_handler|brk_handler|do_debug_exception|call_break_hook|wait_for_completion|wait_for_common|io_schedule"
                    + "|bit_wait|out_of_line_wait|nmi_|watchdog|rcu_(?:sched_clock|check|dump|preempt|note|lock)|hrtimer_|tick_|update_process_times"
                    + "|sysvec_|smp_apic|apic_timer|local_apic|irq_exit|kmalloc|kmem_cache|slab_|alloc_pages|fault_in|copy_(?:to|from)_user"
                    + "|raw_copy|memcpy|memset|memmove|strlen|strcmp|rt_spin|kthread_should|io_serial|wait_for_xmitr|wait_for_lsr|serial8250|serial_|uart_|console_|v?printk|univ8250|rcu_gp|rcu_is_watching|unwind_|should_fail|fail_dump|local_bh|hardirq|softirq|in_lock|seqcount)");

    private Helpers() {}

    /** The first function of a trace that is no helper; the first of all if every one is; empty for an empty trace. */
    static String firstReal(List<String> functions) {
        for (String function : functions) {
            if (!HELPER.matcher(function).find()) {
                return function;
            }
        }
        return functions.isEmpty() ? "" : functions.get(0);
    }

    static boolean isHelper(String function) {
        return HELPER.matcher(function).find();
    }
}
