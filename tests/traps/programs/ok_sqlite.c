/* SQLite by three threads: one connection that they share, and one of each thread's own.
 * libs: -lsqlite3
 * needs: sqlite3.h
 * traps: main,libsqlite3.so.0
 */
#include <sqlite3.h>
#include <unistd.h>

#include "trial.h"

enum { ROWS = 60 };

static sqlite3 *shared;
static char path[64];

static void do_sql(sqlite3 *database, const char *sql)
{
	trial_check(sqlite3_exec(database, sql, NULL, NULL, NULL) == SQLITE_OK);
}

static void *work(void *number)
{
	sqlite3 *own;
	char sql[100];

	trial_check(sqlite3_open(path, &own) == SQLITE_OK);
	sqlite3_busy_timeout(own, 60000);
	for (int i = 0; i < ROWS; i++) {
		snprintf(sql, sizeof(sql), "insert into t values (%d, %d)", i,
			 trial_number(number));
		do_sql(i % 2 ? own : shared, sql);
		do_sql(shared, "select count(*), sum(a) from t");
	}
	sqlite3_close(own);
	return NULL;
}

int main(void)
{
	snprintf(path, sizeof(path), "/dev/shm/ct-trial-%ld.db", (long)getpid());
	trial_check(sqlite3_open(path, &shared) == SQLITE_OK);
	sqlite3_busy_timeout(shared, 60000);
	do_sql(shared, "pragma journal_mode = off; pragma synchronous = off;"
		       "create table t (a, b)");
	trial_run(3, work);
	sqlite3_close(shared);
	unlink(path);
	return trial_end();
}
