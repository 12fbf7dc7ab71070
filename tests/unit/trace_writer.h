/*
 * Writes small CTF traces for tests, with the structs of ct_format.h: what the recorder would
 * leave behind, and by tw_poke() and tw_truncate() what accidents would. Every failure to write
 * ends the test program. Files are named as they stand below the trace's folder.
 */
#ifndef CT_TESTS_TRACE_WRITER_H
#define CT_TESTS_TRACE_WRITER_H

#include <stddef.h>
#include <stdint.h>

#include "format/ct_live.h"

struct trace_writer {
	char folder[64]; /* made by tw_begin() below TMPDIR or /tmp */
	uint8_t uuid[CT_UUID_SIZE];
	uint64_t time;		 /* of the next definition: start of its process */
	uint8_t packet[1 << 18]; /* under construction */
	size_t size;
};

/* A new folder with `.live` and a complete metadata file: clock 1 GHz, accesses none. */
void tw_begin(struct trace_writer *w);
/* Removes the folder and everything in it. */
void tw_end(struct trace_writer *w);

/* Begins a packet of a thread; thread 0: of definitions. Its content is its header, so far. */
void tw_packet(struct trace_writer *w, uint32_t process, uint32_t thread, uint64_t sequence,
	       uint64_t time);
struct ct_packet *tw_head(struct trace_writer *w);

/* Records of a thread packet. */
void tw_obj(struct trace_writer *w, uint64_t time, uint16_t event, uint16_t flags, uint64_t object);
void tw_obj_arg(struct trace_writer *w, uint64_t time, uint16_t event, uint16_t flags,
		uint64_t object, uint64_t arg);
void tw_record(struct trace_writer *w, uint64_t time, uint16_t event, uint16_t flags,
	       uint32_t stack, const void *payload, size_t size);

/* Records of a definition packet; `tail` is what follows the payload's struct. */
void tw_define(struct trace_writer *w, uint16_t id, const void *payload, size_t size,
	       const void *tail, size_t tail_size);
/* The whole definition stream of a process: PROCESS with pid 1000 + its number, a module, and
 * stack 1 of two frames. */
void tw_process(struct trace_writer *w, uint32_t process, uint32_t parent, uint64_t time);

/* Appends the packet to a stream file, closed as the recorder does; or leaves it in `.live/`, as
 * packet under construction of a lane. */
void tw_append(struct trace_writer *w, const char *file);
void tw_live(struct trace_writer *w, const char *file, enum ct_live_state state, uint32_t pid);

/* Files as bytes. */
void tw_write(struct trace_writer *w, const char *file, const void *bytes, size_t size);
void tw_poke(struct trace_writer *w, const char *file, uint64_t offset, const void *bytes,
	     size_t size);
void tw_truncate(struct trace_writer *w, const char *file, uint64_t size);
/* -1: there is none. */
int64_t tw_size(const struct trace_writer *w, const char *file);
/* A number for the bytes of all files of the folder and their names. */
uint64_t tw_checksum(const struct trace_writer *w);

#endif
