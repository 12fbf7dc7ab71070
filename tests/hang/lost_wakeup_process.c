/* A process-shared condition variable: the child announces itself and goes on to wait for the
 * answer; the parent waits for the announcement only now. */
#include <pthread.h>
#include <stdbool.h>
#include <unistd.h>

#include "support/hang.h"

struct board {
	pthread_mutex_t lock;
	pthread_cond_t announced, answered;
	bool is_announced, is_answered;
};

static void set_up(struct board *board)
{
	pthread_mutexattr_t mutex;
	pthread_condattr_t cond;

	pthread_mutexattr_init(&mutex);
	pthread_mutexattr_setpshared(&mutex, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&board->lock, &mutex);
	pthread_condattr_init(&cond);
	pthread_condattr_setpshared(&cond, PTHREAD_PROCESS_SHARED);
	pthread_cond_init(&board->announced, &cond);
	pthread_cond_init(&board->answered, &cond);
}

static void child(struct board *board)
{
	pthread_mutex_lock(&board->lock);
	board->is_announced = true;
	pthread_cond_signal(&board->announced);
	hang_step(0);
	hang_sleep();
	while (!board->is_answered)
		pthread_cond_wait(&board->answered, &board->lock);
	pthread_mutex_unlock(&board->lock);
	_exit(0);
}

int main(int argc, char **argv)
{
	struct board *board;
	pid_t pid;

	hang_begin(argc, argv);
	board = hang_shared(sizeof(*board));
	set_up(board);
	pid = fork();
	if (pid == 0)
		child(board);
	hang_await(0, 1);
	pthread_mutex_lock(&board->lock);
	hang_last(1);
	if (hang_fixed) {
		while (!board->is_announced)
			pthread_cond_wait(&board->announced, &board->lock);
	} else {
		pthread_cond_wait(&board->announced, &board->lock);
	}
	board->is_answered = true;
	pthread_cond_signal(&board->answered);
	pthread_mutex_unlock(&board->lock);
	return hang_reap(pid);
}
