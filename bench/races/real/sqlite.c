/* Two threads, each with its own database in memory, and one that they share by a connection. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "sqlite3.h"

enum { ROWS = 20000, SHARED_EVERY = 20 };

static sqlite3 *shared;

static void run(sqlite3 *database, const char *statement)
{
	char *message = NULL;

	if (sqlite3_exec(database, statement, NULL, NULL, &message) != SQLITE_OK) {
		fprintf(stderr, "%s: %s\n", statement, message);
		exit(1);
	}
}

static sqlite3 *open_database(void)
{
	sqlite3 *database;

	if (sqlite3_open(":memory:", &database) != SQLITE_OK)
		exit(1);
	run(database, "CREATE TABLE words(id INTEGER PRIMARY KEY, word TEXT, weight INTEGER)");
	run(database, "CREATE INDEX by_weight ON words(weight)");
	return database;
}

static void insert(sqlite3 *database, int row)
{
	char statement[128];

	snprintf(statement, sizeof(statement),
		 "INSERT INTO words(word, weight) VALUES('word number %d', %d)", row,
		 row * 7 % 1000);
	run(database, statement);
}

static void *work(void *unused)
{
	sqlite3 *own = open_database();

	(void)unused;
	run(own, "BEGIN");
	for (int row = 0; row < ROWS; row++) {
		insert(own, row);
		if (row % SHARED_EVERY == 0)
			insert(shared, row);
	}
	run(own, "COMMIT");
	run(own, "SELECT weight, count(*), max(word) FROM words GROUP BY weight ORDER BY 2, 3");
	sqlite3_close(own);
	return NULL;
}

int main(void)
{
	pthread_t threads[2];

	shared = open_database();
	for (int i = 0; i < 2; i++)
		if (pthread_create(&threads[i], NULL, work, NULL))
			return 1;
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	printf("%d\n", sqlite3_total_changes(shared));
	sqlite3_close(shared);
	return 0;
}
