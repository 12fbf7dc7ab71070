/* reader: what format 2 added: sockets, unloaded modules, unseen code, lists in payloads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "reader/dump.h"
#include "trace_writer.h"

static struct ct_trace *open_trace(const struct trace_writer *w)
{
	struct ct_trace *trace = NULL;
	struct ct_error error = {0};

	if (ct_trace_open(w->folder, &error, &trace) != CT_OK)
		fail_msg("%s", error.text);
	return trace;
}

static void define_unloaded(struct trace_writer *w, uint64_t time, uint64_t start, uint64_t size)
{
	struct ct_payload_unmap unmap = {time, start, size};

	tw_packet(w, 1, 0, 0, 1000);
	tw_define(w, CT_DEF_UNLOADED, &unmap, sizeof(unmap), NULL, 0);
	tw_append(w, "p1.defs");
}

static void define_module(struct trace_writer *w, uint64_t time, const char *path)
{
	struct ct_payload_module module = {time, 0x700000, 0x701000, 0, 0};

	tw_packet(w, 1, 0, 0, 1000);
	tw_define(w, CT_DEF_MODULE, &module, sizeof(module), path, strlen(path) + 1);
	tw_append(w, "p1.defs");
}

static void define_stack(struct trace_writer *w, uint32_t id)
{
	struct ct_payload_stack stack = {id, 1};
	uint64_t frame = 0x700010;

	tw_packet(w, 1, 0, 0, 1000);
	tw_define(w, CT_DEF_STACK, &stack, sizeof(stack), &frame, sizeof(frame));
	tw_append(w, "p1.defs");
}

static void test_sockets(void **state)
{
	struct trace_writer w;
	struct ct_trace *trace;
	struct ct_payload_socket p = {2000, 77};

	(void)state;
	tw_begin(&w);
	tw_process(&w, 1, 0, 1000);
	tw_packet(&w, 1, 0, 0, 1000);
	tw_define(&w, CT_DEF_SOCKET, &p, sizeof(p), "127.0.0.1:80\0", 14);
	tw_define(&w, CT_DEF_SOCKET, &p, sizeof(p), "\0[::1]:5", 9);
	tw_append(&w, "p1.defs");
	trace = open_trace(&w);
	assert_int_equal(trace->problem_count, 0);
	assert_int_equal(trace->socket_count, 2);
	assert_int_equal(trace->sockets[0].inode, 77);
	assert_int_equal(trace->sockets[0].time, 2000);
	assert_int_equal(trace->sockets[0].process, 1);
	assert_string_equal(trace->sockets[0].local, "127.0.0.1:80");
	assert_string_equal(trace->sockets[0].peer, "");
	assert_string_equal(trace->sockets[1].local, "");
	assert_string_equal(trace->sockets[1].peer, "[::1]:5");
	ct_trace_free(trace);
	tw_end(&w);
}

static void test_unseen(void **state)
{
	struct trace_writer w;
	struct ct_trace *trace;
	struct ct_payload_name p = {2000, CT_UNSEEN_NAMESPACE};

	(void)state;
	tw_begin(&w);
	tw_process(&w, 1, 0, 1000);
	tw_packet(&w, 1, 0, 0, 1000);
	tw_define(&w, CT_DEF_UNSEEN, &p, sizeof(p), "/lib/libfoo.so", 15);
	tw_append(&w, "p1.defs");
	trace = open_trace(&w);
	assert_int_equal(trace->unseen_count, 1);
	assert_int_equal(trace->unseen[0].reason, CT_UNSEEN_NAMESPACE);
	assert_string_equal(trace->unseen[0].name, "/lib/libfoo.so");
	ct_trace_free(trace);
	tw_end(&w);
}

static void test_unloaded_modules(void **state)
{
	struct trace_writer w;
	struct ct_trace *trace;

	(void)state;
	tw_begin(&w);
	tw_process(&w, 1, 0, 1000);
	define_module(&w, 1000, "/lib/old.so");
	define_stack(&w, 8);
	define_unloaded(&w, 2000, 0x700000, 0x1000);
	define_stack(&w, 9);
	define_module(&w, 3000, "/lib/new.so");
	define_unloaded(&w, 3500, 0x900000, 0x1000);	 /* something else */
	define_unloaded(&w, 4000, 0x6ff000, UINT64_MAX); /* all above */
	trace = open_trace(&w);
	assert_int_equal(trace->module_count, 3);
	assert_int_equal(trace->modules[0].unload, 0); /* below the ranges */
	assert_int_equal(trace->modules[1].unload, 1);
	assert_int_equal(trace->modules[1].end_time, 2000);
	assert_int_equal(trace->modules[2].unload, 3);
	assert_int_equal(ct_trace_stack(trace, 1, 8)->unloads, 0);
	assert_int_equal(ct_trace_stack(trace, 1, 9)->unloads, 1);
	ct_trace_free(trace);
	tw_end(&w);
}

static enum ct_status dump_event(void *state, const struct ct_event *event)
{
	struct {
		struct ct_trace *trace;
		struct ct_text text;
	} *dump = state;

	if (!event->definition) {
		ct_event_format(&dump->text, dump->trace, event);
		ct_text_addc(&dump->text, '\n');
	}
	return CT_OK;
}

/* The thread events as dump prints them. */
static void check_dump(const struct trace_writer *w, size_t problems, const char *wanted)
{
	struct {
		struct ct_trace *trace;
		struct ct_text text;
	} dump = {open_trace(w), {0}};

	ct_text_init(&dump.text);
	assert_int_equal(ct_trace_each_event(dump.trace, dump_event, &dump), CT_OK);
	assert_string_equal(ct_text_str(&dump.text), wanted);
	assert_int_equal(dump.trace->problem_count, problems);
	ct_text_fini(&dump.text);
	ct_trace_free(dump.trace);
}

struct sem_ops {
	struct ct_payload_sem_ops head;
	struct ct_sem_op ops[2];
} CT_PACKED;

static const struct sem_ops two_ops = {
	{CT_KERNEL_KEY(CT_KERNEL_SEM, 0x1ffff), 2},
	{{0, (uint16_t)-1, 010000}, {3, 2, 0}},
};

static void test_dump_of_lists(void **state)
{
	struct ct_payload_file_lock lock = {CT_KERNEL_KEY(CT_KERNEL_FILE, 7), 10, 5, 3, 2, 1};
	struct ct_payload_handler handler = {14, 0x4000, 0, (uint32_t)-2};
	struct {
		struct ct_payload_poll head;
		struct ct_polled fds[2];
	} CT_PACKED poll = {{5, UINT64_MAX, 2}, {{5, 3, 1}, {0, 4, 0x105}}};
	struct trace_writer w;

	(void)state;
	tw_begin(&w);
	tw_process(&w, 1, 0, 1000);
	tw_packet(&w, 1, 1, 0, 1000);
	tw_record(&w, 1001, CT_EV_SEMOP, 0, 0, &two_ops, sizeof(two_ops));
	tw_record(&w, 1002, CT_EV_POLL, CT_F_REQUEST, 0, &poll, sizeof(poll));
	tw_record(&w, 1003, CT_EV_FCNTL_LOCK, 0, 0, &lock, sizeof(lock));
	lock.mode = 77;
	tw_record(&w, 1004, CT_EV_FLOCK, 0, 0, &lock, sizeof(lock));
	tw_record(&w, 1005, CT_EV_SIGNAL_HANDLER, 0, 0, &handler, sizeof(handler));
	tw_append(&w, "p1.t0");
	check_dump(&w, 0,
		   "[0.000000001] p1:T1 semop object=0x50000000001ffff "
		   "ops=[{number=0 amount=-1 flags=4096} {number=3 amount=2 flags=0}]\n"
		   "[0.000000002] p1:T1 poll object=0x5 arg=0xffffffffffffffff "
		   "fds=[{object=0x5 fd=3 wanted=in} {object=0x0 fd=4 wanted=in|out|0x100}] "
		   "flags=request\n"
		   "[0.000000003] p1:T1 fcntl_setlk object=0x800000000000007 start=10 length=5 "
		   "fd=3 mode=exclusive owner=open_file\n"
		   "[0.000000004] p1:T1 flock object=0x800000000000007 start=10 length=5 "
		   "fd=3 mode=77 owner=open_file\n"
		   "[0.000000005] p1:T1 signal_handler object=0xe arg=0x4000 sender=0 code=-2\n");
	tw_end(&w);
}

/* A list that claims to be longer than its packet takes nothing else with it but that packet. */
static void test_damaged_counts(void **state)
{
	struct sem_ops ops = two_ops;
	struct trace_writer w;

	(void)state;
	tw_begin(&w);
	tw_process(&w, 1, 0, 1000);
	tw_packet(&w, 1, 1, 0, 1000);
	ops.head.count = 0;
	tw_record(&w, 1001, CT_EV_SEMOP, 0, 0, &ops, sizeof(ops.head));
	ops.head.count = UINT16_MAX;
	tw_record(&w, 1002, CT_EV_SEMOP, 0, 0, &ops, sizeof(ops));
	tw_append(&w, "p1.t0");
	tw_packet(&w, 1, 1, 1, 2000);
	tw_obj(&w, 2000, CT_EV_MUTEX_LOCK, 0, 1);
	tw_append(&w, "p1.t0");
	check_dump(&w, 1,
		   "[0.000000001] p1:T1 semop object=0x50000000001ffff ops=[]\n"
		   "[0.000001000] p1:T1 pthread_mutex_lock object=0x1 stack=1\n");
	tw_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sockets),		 cmocka_unit_test(test_unseen),
		cmocka_unit_test(test_unloaded_modules), cmocka_unit_test(test_dump_of_lists),
		cmocka_unit_test(test_damaged_counts),
	};

	return cmocka_run_group_tests_name("reader_kernel", tests, NULL, NULL);
}
