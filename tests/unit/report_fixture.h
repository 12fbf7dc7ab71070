/*
 * Two threads that lock two mutexes in opposite orders, made by hand. For one test program, once,
 * as report_symbols.h.
 */
#ifndef CT_TESTS_REPORT_FIXTURE_H
#define CT_TESTS_REPORT_FIXTURE_H

#include "finding/finding.h"
#include "model/model.h"
#include "model/names.h"
#include "report/reporter.h"

#include "report_symbols.h"

#include <string.h>

struct fixture {
	struct ct_trace trace;
	struct ct_trace_thread trace_threads[2];
	struct ct_model model;
	struct ct_process process;
	struct ct_thread threads[2];
	struct ct_object objects[2];
	struct ct_process *process_list[1];
	struct ct_thread *thread_list[2];
	struct ct_object *object_list[2];
	struct ct_symbols symbols;
	struct ct_naming naming;
	struct ct_findings findings;
	struct ct_report report;
};

static const struct ct_rule fixture_rule = {
	.id = "lock-order",
	.title = "lock-order cycle",
	.help = "Take these locks in one order everywhere.",
	.severity = CT_ERROR,
};

static inline void fixture_model(struct fixture *f)
{
	f->process = (struct ct_process){.number = 1, .command = "./bank", .name = "bank"};
	f->process_list[0] = &f->process;
	f->threads[0].name = "main";
	f->threads[1].name = "T2";
	f->objects[0].address = 0x1000;
	f->objects[0].init_stack = 5;
	f->objects[1].address = 0x2000;
	f->objects[1].init_stack = 6;
	f->objects[1].initialised = true;
	for (uint32_t i = 0; i < 2; i++) {
		f->threads[i].id = i;
		f->threads[i].number = i + 1;
		f->threads[i].process = &f->process;
		f->objects[i].id = i;
		f->objects[i].process = &f->process;
		f->objects[i].creator = &f->threads[0];
		f->thread_list[i] = &f->threads[i];
		f->object_list[i] = &f->objects[i];
	}
	f->trace.threads = f->trace_threads;
	f->trace.thread_count = 2;
	f->model.trace = &f->trace;
	f->model.processes = f->process_list;
	f->model.threads = f->thread_list;
	f->model.objects = f->object_list;
	f->model.process_count = 1;
	f->model.thread_count = f->model.object_count = 2;
	f->model.events = 9;
}

/* Stacks 1 to 4: main took, main asks, T2 took, T2 asks; 5, 6: where the mutexes come from. */
static inline void fixture_stacks(struct fixture *f)
{
	static const char *const functions[] = {"deposit", "deposit", "withdraw", "withdraw"};

	for (uint32_t stack = 1; stack <= 4; stack++) {
		symbols_frame_in(&f->symbols, stack, "ct_hook", "/opt/lib/libconctrace.so", 0x10);
		symbols_frame(&f->symbols, stack, functions[stack - 1], "/src/bank.c",
			      10 + (int)stack);
		symbols_frame(&f->symbols, stack, stack <= 2 ? "main" : "worker", "/src/bank.c",
			      30);
		symbols_frame_in(&f->symbols, stack, "__libc_start_call_main", "/lib/libc.so.6",
				 0x20);
		symbols_frame(&f->symbols, stack, "_start", NULL, 0);
	}
	symbols_frame(&f->symbols, 5, "main", "/src/bank.c", 40);
	symbols_frame(&f->symbols, 6, "main", "/src/bank.c", 41);
}

static inline void fixture_init(struct fixture *f)
{
	memset(f, 0, sizeof(*f));
	fixture_model(f);
	fixture_stacks(f);
	f->symbols.variable = "accounts";
	ct_naming_init(&f->naming, &f->model, &f->symbols);
	ct_findings_init(&f->findings);
	f->report = (struct ct_report){.model = &f->model,
				       .findings = &f->findings,
				       .naming = &f->naming,
				       .symbols = &f->symbols,
				       .directory = "/src",
				       .exit_status = -1};
}

static inline void fixture_fini(struct fixture *f)
{
	ct_findings_fini(&f->findings);
	ct_naming_fini(&f->naming);
}

static inline struct ct_place fixture_place(struct fixture *f, size_t thread, uint32_t stack)
{
	return (struct ct_place){.thread = &f->threads[thread], .process = 1, .stack = stack};
}

/* Step i of the cycle: thread i holds object i, asks for the other one. */
static inline void fixture_steps(struct fixture *f, struct ct_finding *finding)
{
	finding->steps = ct_arena_calloc(&f->findings.arena, 2, sizeof(*finding->steps));
	if (!finding->steps)
		return;
	finding->step_count = 2;
	for (uint32_t i = 0; i < 2; i++)
		finding->steps[i] = (struct ct_step_of_cycle){
			.thread = &f->threads[i],
			.holds = &f->objects[i],
			.wants = &f->objects[1 - i],
			.held_at = fixture_place(f, i, 1 + 2 * i),
			.wanted_at = fixture_place(f, i, 2 + 2 * i),
			.verb = "locks",
		};
}

static inline struct ct_finding *fixture_cycle(struct fixture *f)
{
	struct ct_finding *finding = ct_findings_add(&f->findings, &fixture_rule, CT_PREDICTED);

	if (finding) {
		finding->headline = "main and T2 lock `accounts` and `M1` in opposite orders";
		fixture_steps(f, finding);
	}
	return finding;
}

#endif
