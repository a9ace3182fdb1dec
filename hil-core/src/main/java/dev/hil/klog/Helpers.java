package dev.hil.klog;

import java.util.Arrays;
import java.util.List;

/**
 * Functions that say nothing of where a defect is: they print the report, take the lock, allocate, or lead from the
 * interrupt to it.
 */
final class Helpers {

    /** What their names begin with, behind any underscores. */
    private static final String[] BEGINNINGS = withoutExtensions("""
            add_lock_to_list alloc_pages apic_timer arch_stack_walk arch_trigger arm64_serror asan_ asm_
            asm_exc_ assign_lock_key async_page_fault bad_area bit_wait brk_handler bug_handler call_break_hook
            check_ console_ context_switch copy_from_user copy_to_user debug_check debug_mutex debug_object
            debug_print_object debug_smp debug_spin die do_debug_exception do_error_trap do_general_protection
            do_invalid_op do_mem_abort do_page_fault do_raw_read_ do_raw_spin_ do_raw_write_ do_sea
            do_translation_fault do_trap do_user_addr_fault down_interruptible down_killable down_read
            down_timeout down_trylock down_write dump_backtrace dump_cpu dump_stack el0 el1 error_entry exc_
            fail_dump fault_in fixup_bug general_protection handle_bug hardirq hrtimer_ in_lock invalid_op
            io_schedule io_serial irq_exit kasan_ kcsan_ kfence_ kmalloc kmem_cache kmsan_ kthread_should
            list_add_valid list_del_valid local_apic local_bh lock_acquire lock_acquired lock_contended
            lock_downgrade lock_release lockdep_ look_up_lock_class mark_lock mark_usage mem_abort memcpy
            memmove memset might_fault might_resched might_sleep msan_ mutex_lock mutex_trylock mutex_unlock
            nmi_ no_context notify_die oops_ out_of_line_wait page_fault panic percpu_down_read
            percpu_down_write preempt_ print_ printk raw_copy raw_read_ raw_read_lock raw_read_seq
            raw_read_unlock raw_spin_ raw_write_ raw_write_lock raw_write_seq raw_write_unlock rcu_check
            rcu_dump rcu_gp rcu_is_watching rcu_lock rcu_note rcu_preempt rcu_sched_clock read_lock read_seq
            read_unlock refcount_ register_lock_class report_bug rt_mutex rt_spin rtlock rwbase rwlock_bug rwsem
            sanitizer_ save_stack save_trace sched_show sched_text schedule schedule_bug semaphore seqcount
            serial8250 serial_ should_fail show_regs show_stack show_trace slab_ smp_apic softirq spin_bug
            spin_dump spin_lock spin_trylock spin_unlock stack_chk_fail stack_trace strcmp strlen sysvec_
            this_cpu_preempt tick_ trigger_ tsan_ uart_ ubsan_ univ8250 unwind_ unwind_backtrace up_read
            up_write update_process_times valid_state validate_chain vprintk wait_for_common wait_for_completion
            wait_for_lsr wait_for_xmitr walk_stackframe warn watchdog write_lock write_seq write_unlock ww_mutex
            """);

    /** A semaphore's {@code down}; as a beginning it would be a lot more than that. */
    private static final String DOWN = "down";

    private Helpers() {}

    /** Sorted, and none begins with another: then the greatest that is not behind a name is the only one to compare. */
    private static String[] withoutExtensions(String words) {
        List<String> all = List.of(words.strip().split("\\s+", 0));
        return all.stream()
                .filter(word -> all.stream().noneMatch(other -> !word.equals(other) && word.startsWith(other)))
                .sorted()
                .toArray(String[]::new);
    }

    /** The first function of a trace that is no helper; the first of all if every one is; empty for an empty trace. */
    static String firstReal(List<String> functions) {
        for (String function : functions) {
            if (!isHelper(function)) {
                return function;
            }
        }
        return functions.isEmpty() ? "" : functions.get(0);
    }

    static boolean isHelper(String function) {
        int start = 0;
        while (start < function.length() && function.charAt(start) == '_') {
            start++;
        }
        String name = function.substring(start);
        int at = Arrays.binarySearch(BEGINNINGS, name);
        int before = at >= 0 ? at : -at - 2;
        return (before >= 0 && name.startsWith(BEGINNINGS[before])) || isDown(name);
    }

    private static boolean isDown(String name) {
        return name.startsWith(DOWN) && (name.length() == DOWN.length() || !isWord(name.charAt(DOWN.length())));
    }

    private static boolean isWord(char c) {
        return Character.isLetterOrDigit(c) || c == '_';
    }
}
