#ifndef CT_MODEL_LISTS_H
#define CT_MODEL_LISTS_H
/*
 * The payloads of thread events that are more than an object and an argument. What is damaged, or a
 * text trace's, reads as an empty list. Private to model/.
 */
#include <stdbool.h>
#include <stddef.h>

#include "reader/reader.h"

/* The elements of SEM_OPS and POLL; false beyond the last. */
bool ct_list_sem_op(const struct ct_record *record, size_t index, struct ct_sem_op *out_op);
bool ct_list_polled(const struct ct_record *record, size_t index, struct ct_polled *out_polled);

/* The semaphore of a set that an operation is for, as a kernel object's key. */
uint64_t ct_sem_key(uint64_t set, uint16_t number);
/* What an operation adds, or takes if it is below 0; 0: it waits for 0. */
int ct_sem_amount(const struct ct_sem_op *op);

/* False if the record has no such payload. */
bool ct_read_file_lock(const struct ct_record *record, struct ct_payload_file_lock *out_lock);

#endif
