# For the tests of an installed conctrace: sourced after lib.sh.
#
#   install_conctrace       what this build installs, in a folder that can be anywhere: `prefix`
#   write_programs FOLDER   C sources there: right.c, and stuck.c, which deadlocks with itself

install_conctrace() {
	prefix=$work/prefix
	cmake --install "$CT_BUILD" --prefix "$work/first" >installed
	mv "$work/first" "$prefix"
}

write_programs() {
	cat >"$1/stuck.c" <<'C'
#include <pthread.h>
static pthread_mutex_t money = PTHREAD_MUTEX_INITIALIZER;
int main(void)
{
	pthread_mutex_lock(&money);
	pthread_mutex_lock(&money);
	return 0;
}
C
	cat >"$1/right.c" <<'C'
#include <pthread.h>
#include <unistd.h>
static pthread_mutex_t money = PTHREAD_MUTEX_INITIALIZER;
int main(int argc, char **argv)
{
	(void)argv;
	if (argc > 1) /* it is slow, not stuck: what is behind a pipe's end is not known */
		pause();
	pthread_mutex_lock(&money);
	pthread_mutex_unlock(&money);
	return 0;
}
C
}
