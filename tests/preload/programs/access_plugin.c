/* Loads the plug-ins that its arguments name, calls each in a thread of its own and closes it
 * again, three times: `touch` writes its argument to a variable of the plug-in's, and gives back
 * its address. */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

static void *(*touch)(long);

static void *thread(void *unused)
{
	(void)unused;
	return touch(2);
}

int main(int count, char **names)
{
	for (int i = 1; i < count; i++) {
		for (int again = 0; again < 3; again++) {
			void *library = dlopen(names[i], RTLD_NOW), *where = NULL;
			pthread_t other;

			if (!library) {
				puts(dlerror());
				return 1;
			}
			*(void **)&touch = dlsym(library, "touch");
			touch(1);
			pthread_create(&other, NULL, thread, NULL);
			pthread_join(other, &where);
			printf("%d %d\n", i, where != NULL);
			dlclose(library);
		}
	}
	return 0;
}
