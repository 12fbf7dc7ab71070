#ifndef CT_CLI_PICTURE_H
#define CT_CLI_PICTURE_H
/*
 * Who waits for whom, as text: a line for each thread that lives.
 */
#include "base/status.h"

struct ct_hang;
struct ct_look;
struct ct_text;

/* `hang` as it was for the look; NULL: the program is dead. CT_ENOMEM. */
CT_MUST_CHECK enum ct_status ct_picture_add(struct ct_text *out, const struct ct_look *look,
					    const struct ct_hang *hang);

#endif
