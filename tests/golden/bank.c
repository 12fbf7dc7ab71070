/* What the golden reports quote: two transfers at once. It is read, never compiled. */
static void note(long amount)
{
	pthread_mutex_lock(&journal);
	moved += amount;
	pthread_mutex_unlock(&journal);
}

static void deposit(long amount)
{
	pthread_mutex_lock(&checking);
	pthread_mutex_lock(&savings);
	note(amount);
	pthread_mutex_unlock(&savings);
	pthread_mutex_unlock(&checking);
}

static void withdraw(long amount)
{
	pthread_mutex_lock(&savings);
	pthread_mutex_lock(&checking);
	pthread_mutex_unlock(&checking);
	pthread_mutex_unlock(&savings);
}

static void *audit(void *other)
{
	pthread_join(other, NULL);
	return NULL;
}

int main(void)
{
	pthread_create(&thread, NULL, worker, NULL);
	deposit(100);
	pthread_join(thread, NULL);
}

static long total(void)
{
	return moved;
}
