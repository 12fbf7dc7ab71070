/*
 * Libraries that come and go.
 *
 *   dl_plugins caller FOLDER   who loads counts: RUNPATH and $ORIGIN are the loading library's
 *   dl_plugins place FOLDER [FILE]    one library after another, at the same place; that is not
 *                                     certain, so FILE says whether it was so
 *   dl_plugins lives FOLDER    the same library twice, with a mutex in it
 *   dl_plugins odd FOLDER      what fails, other namespaces, RTLD_DEEPBIND
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef void takes(pthread_mutex_t *given, int own_first);
typedef void takes_both(pthread_mutex_t *first, pthread_mutex_t *second, void (*inside)(void));

static const char *folder;
static FILE *places;
static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static char *place;

static void *load(const char *name)
{
	char path[4096];
	void *library;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	library = dlopen(path, RTLD_NOW);
	if (!library) {
		printf("%s\n", dlerror());
		exit(3);
	}
	return library;
}

static void *find(void *library, const char *name)
{
	void *symbol = dlsym(library, name);

	if (!symbol)
		exit(4);
	return symbol;
}

/* Whether a symbol lies where the one before lay. */
static void say_place(void *symbol)
{
	if (place)
		fprintf(places, "%s place\n", place == symbol ? "the same" : "another");
	place = symbol;
}

static void caller(void)
{
	int (*outer)(void);
	void *library;

	printf("from here: %s\n", dlopen("plug_inner.so", RTLD_NOW) ? "?" : dlerror());
	library = load("plug_outer.so");
	*(void **)&outer = find(library, "outer");
	printf("outer: %d\n", outer());
	printf("closed: %d\n", dlclose(library));
}

static void inside(void)
{
	pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;

	pthread_mutex_lock(&m);
	pthread_mutex_unlock(&m);
}

/* Threads take turns unseen by the recorder: for all it knows, they ran at once. */
static int turn;

static void wait_for_turn(int mine)
{
	while (__atomic_load_n(&turn, __ATOMIC_ACQUIRE) != mine)
		usleep(100);
}

static void run_in_turn(void *(*run)(void *), void *first, void *second)
{
	pthread_t threads[2];

	pthread_create(&threads[0], NULL, run, first);
	pthread_create(&threads[1], NULL, run, second);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
}

static void use(int second, pthread_mutex_t *x, pthread_mutex_t *y)
{
	void *library = load(second ? "plug_second.so" : "plug_first.so");
	takes_both *take;

	*(void **)&take = find(library, second ? "second_both" : "first_both");
	say_place(*(void **)&take);
	take(x, y, inside);
	printf("closed: %d\n", dlclose(library));
}

/* The same calls from the same addresses, twice in each thread: only their library changes. */
static void *in_order(void *name)
{
	pthread_mutex_t x = PTHREAD_MUTEX_INITIALIZER, y = PTHREAD_MUTEX_INITIALIZER;
	pthread_mutex_t *mine[2][2] = {{&x, &a}, {&y, &b}};
	int second = strcmp(name, "second") == 0;

	wait_for_turn(second);
	for (int i = 0; i < 2; i++)
		use(second ^ !i, mine[second][i], mine[!second][i]);
	__atomic_store_n(&turn, 1, __ATOMIC_RELEASE);
	return NULL;
}

static void *one_life(void *name)
{
	int second = strcmp(name, "second") == 0;
	void *library;
	takes *take;

	wait_for_turn(second);
	library = load("plug_first.so");
	*(void **)&take = find(library, "plug_first");
	say_place(*(void **)&take);
	take(&a, second);
	printf("closed: %d\n", dlclose(library));
	__atomic_store_n(&turn, 1, __ATOMIC_RELEASE);
	return NULL;
}

static void odd(void)
{
	char path[4096];
	pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
	int (*lock)(pthread_mutex_t *);
	double (*cosine)(double);
	void *library, *again;

	printf("self: %d\n", dlclose(dlopen(NULL, RTLD_NOW)));
	printf("missing: %s\n", dlopen("no-such-library.so", RTLD_NOW) ? "?" : dlerror());
	printf("no flags: %s\n", dlopen("libm.so.6", 0) ? "?" : dlerror());
	printf("bad space: %s\n", dlmopen(9, "libm.so.6", RTLD_NOW) ? "?" : dlerror());
	printf("self elsewhere: %s\n", dlmopen(LM_ID_NEWLM, NULL, RTLD_NOW) ? "?" : dlerror());
	library = load("plug_first.so");
	again = load("plug_first.so");
	printf("twice: %d %d %d\n", library == again, dlclose(again), dlclose(library));
	snprintf(path, sizeof(path), "%s/plug_inner.so", folder);
	library = dlopen(path, RTLD_NOW | RTLD_DEEPBIND);
	printf("deepbind: %s\n", library ? "loaded" : dlerror());
	library = dlmopen(LM_ID_NEWLM, "libm.so.6", RTLD_NOW);
	if (!library)
		exit(5);
	*(void **)&cosine = dlsym(library, "cos");
	printf("cos(0) elsewhere: %.1f\n", cosine(0));
	printf("closed: %d\n", dlclose(library));
	snprintf(path, sizeof(path), "%s/recorder.so", folder);
	library = dlmopen(LM_ID_NEWLM, path, RTLD_NOW);
	if (!library)
		exit(6);
	*(void **)&lock = dlsym(library, "pthread_mutex_lock");
	printf("another recorder: %d\n", lock(&m));
	printf("closed: %d\n", dlclose(library));
	snprintf(path, sizeof(path), "%s/plug_second.so", folder);
	library = dlmopen(LM_ID_BASE, path, RTLD_NOW);
	printf("here by dlmopen: %d\n", library ? dlclose(library) : -1);
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return 2;
	folder = argv[2];
	places = fopen(argc > 3 ? argv[3] : "/dev/null", "w");
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (strcmp(argv[1], "caller") == 0)
		caller();
	else if (strcmp(argv[1], "place") == 0)
		run_in_turn(in_order, (void *)"first", (void *)"second");
	else if (strcmp(argv[1], "lives") == 0)
		run_in_turn(one_life, (void *)"first", (void *)"second");
	else if (strcmp(argv[1], "odd") == 0)
		odd();
	return 0;
}
