#ifndef CT_RECORD_START_H
#define CT_RECORD_START_H

/* Writes how this process was started into the trace folder (format/ct_start.h). Where there is no
 * room for it, the program cannot be run again from its trace, and that is all. */
void ct_start_write(const char *folder);

#endif
