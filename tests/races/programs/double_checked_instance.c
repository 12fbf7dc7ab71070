/* Double-checked locking whose first check is a plain read. */
#include "race.h"

struct service {
	int port;
};

struct service storage;
struct service *instance;
pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void use(void)
{
#ifdef FIXED
	struct service *service = __atomic_load_n(&instance, __ATOMIC_ACQUIRE);
#else
	struct service *service = instance;
#endif

	if (!service) {
		pthread_mutex_lock(&lock);
		service = __atomic_load_n(&instance, __ATOMIC_RELAXED);
		if (!service) {
			storage.port = 80;
			service = &storage;
#ifdef FIXED
			__atomic_store_n(&instance, service, __ATOMIC_RELEASE);
#else
			instance = service;
#endif
		}
		pthread_mutex_unlock(&lock);
	}
	race_use(service->port);
}

int main(void)
{
	race_run(use, use);
	return race_end();
}
