/*
 * Memory that processes share: anonymous, by shm_open, by a file at an offset, remapped. Prints
 *   map DEVICE INODE OFFSET SIZE    as the trace should have it; anonymous memory is "map 0 # 0
 * SIZE" unmap SIZE for each mapping and unmapping of each of its two processes, in that order
 * within a process.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096ul
#define LOOPS 500

struct shared {
	pthread_mutex_t mutex;
	long count;
};

static void check(int ok, const char *what)
{
	if (!ok) {
		fprintf(stderr, "%s: errno %d\n", what, errno);
		exit(1);
	}
}

static struct shared *map(int fd, size_t size, long offset)
{
	struct stat info = {.st_dev = 0};
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
			    MAP_SHARED | (fd < 0 ? MAP_ANONYMOUS : 0), fd, offset);

	check(memory != MAP_FAILED, "mmap");
	if (fd < 0) {
		printf("map 0 # 0 %lu\n", size);
		return memory;
	}
	fstat(fd, &info);
	printf("map %lu %lu %ld %lu\n", (unsigned long)info.st_dev, (unsigned long)info.st_ino,
	       offset, size);
	return memory;
}

static void unmap(void *memory, size_t size)
{
	check(munmap(memory, size) == 0, "munmap");
	printf("unmap %lu\n", size);
}

static void prepare(struct shared *shared)
{
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&shared->mutex, &attributes);
	shared->count = 0;
}

static void count(struct shared *shared)
{
	for (int i = 0; i < LOOPS; i++) {
		pthread_mutex_lock(&shared->mutex);
		shared->count++;
		pthread_mutex_unlock(&shared->mutex);
	}
}

/* What a child does that maps the same by itself. */
static void in_child(const char *name, const char *path, struct shared *anonymous)
{
	int memory = shm_open(name, O_RDWR, 0), file = open(path, O_RDWR);
	struct shared *first = map(memory, PAGE, 0), *second = map(file, 2 * PAGE, PAGE);

	close(memory);
	close(file);
	count(anonymous);
	count(first);
	count((struct shared *)((char *)second + PAGE));
	unmap(first, PAGE);
	unmap(second, 2 * PAGE);
	exit(0);
}

static struct shared *grow(struct shared *shared, int fd)
{
	struct stat info;
	void *grown = mremap(shared, PAGE, 3 * PAGE, MREMAP_MAYMOVE);

	check(grown != MAP_FAILED, "mremap");
	fstat(fd, &info);
	printf("unmap %lu\n", PAGE);
	printf("map %lu %lu %lu %lu\n", (unsigned long)info.st_dev, (unsigned long)info.st_ino,
	       2 * PAGE, 3 * PAGE);
	return grown;
}

int main(int argc, char **argv)
{
	char name[64];
	struct shared *anonymous, *memory, *file;
	int memory_fd, file_fd, status;
	void *private;

	setvbuf(stdout, NULL, _IOLBF, 0);
	check(argc > 1, "needs the path of a file to make");
	snprintf(name, sizeof(name), "/ct-test-%d", (int)getpid());
	memory_fd = shm_open(name, O_RDWR | O_CREAT, 0600);
	file_fd = open(argv[1], O_RDWR | O_CREAT | O_TRUNC, 0600);
	check(!ftruncate(memory_fd, PAGE) && !ftruncate(file_fd, 8 * PAGE), "ftruncate");
	anonymous = map(-1, PAGE, 0);
	memory = map(memory_fd, PAGE, 0);
	file = map(file_fd, PAGE, 2 * PAGE);
	prepare(anonymous);
	prepare(memory);
	prepare(file);
	if (fork() == 0)
		in_child(name, argv[1], anonymous);
	count(anonymous);
	count(memory);
	count(file);
	wait(&status);
	printf("counted %ld %ld %ld\n", anonymous->count, memory->count, file->count);
	private = mmap(NULL, 2 * PAGE, PROT_READ, MAP_PRIVATE, file_fd, 0);
	check(private != MAP_FAILED && munmap(private, 2 * PAGE) == 0, "private");
	file = grow(file, file_fd);
	unmap(anonymous, PAGE);
	unmap(memory, PAGE);
	unmap(file, 3 * PAGE);
	check(munmap((void *)1, PAGE) == -1 && errno == EINVAL, "munmap of nonsense");
	shm_unlink(name);
	return WEXITSTATUS(status);
}
