/* Asynchronous output, whose end a thread of libc's tells (SIGEV_THREAD). */
#include <aio.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>

#include "race.h"

sem_t told;
int state;
char text[] = "text";

static void done(union sigval value)
{
	*(int *)value.sival_ptr += 1;
	sem_post(&told);
}

int main(void)
{
	char path[] = "/tmp/ct_aio_XXXXXX";
	struct aiocb request = {.aio_fildes = mkstemp(path),
				.aio_buf = text,
				.aio_nbytes = sizeof(text),
				.aio_sigevent = {.sigev_notify = SIGEV_THREAD,
						 .sigev_value.sival_ptr = &state,
						 .sigev_notify_function = done}};

	unlink(path);
	sem_init(&told, 0, 0);
	state = 1;
	if (aio_write(&request))
		return 1;
	while (sem_wait(&told))
		;
	race_use(state);
	return race_end();
}
