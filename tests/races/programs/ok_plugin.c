/* A plug-in, instrumented too, is loaded by dlopen and works on the program's data. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#include "race.h"

long counter;
pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
void (*add)(long *);

static void count(void)
{
	for (int i = 0; i < RACE_ROUNDS; i++) {
		pthread_mutex_lock(&lock);
		add(&counter);
		pthread_mutex_unlock(&lock);
	}
}

/* The test puts the plug-in beside the program. */
static void *load(const char *program)
{
	char path[4096];
	void *plugin;

	snprintf(path, sizeof(path), "%s.so", program);
	plugin = dlopen(path, RTLD_NOW);
	if (!plugin) {
		fprintf(stderr, "%s\n", dlerror());
		exit(1);
	}
	return plugin;
}

int main(int argc, char **argv)
{
	void *plugin = load(argv[argc - 1]);

	*(void **)&add = dlsym(plugin, "plugin_add");
	race_run(count, count);
	dlclose(plugin);
	return race_end();
}
