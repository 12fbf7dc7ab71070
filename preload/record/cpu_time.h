#ifndef CT_RECORD_CPU_TIME_H
#define CT_RECORD_CPU_TIME_H
/* What the kernel knows of a thread's time on processors. */
#include "record/recorder.h"

#define CT_SIZE_CPU (sizeof(struct ct_record_head) + sizeof(struct ct_payload_cpu))

/* Writes a thread_cpu record about the first thread of a trace: what it used until there. */
void ct_cpu_time_write_start(void);
/* Writes one about the calling thread, which ends. The caller has entered `r` with
 * room for CT_SIZE_CPU; signals are held back until it is left. */
void ct_cpu_time_write_own(struct ct_recorder *r);
/* About each thread that has a lane now, the calling one among them. */
void ct_cpu_time_write_all(struct ct_process *process);

#endif
