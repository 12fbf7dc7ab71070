/*
 * C11: the initialisation of the log needs the configuration, whose initialisation writes to the
 * log.
 *
 * expect: self-deadlock log_once write_log error
 */
#include <stdio.h>
#include <threads.h>

static once_flag log_once = ONCE_FLAG_INIT, config_once = ONCE_FLAG_INIT;

static void write_log(const char *text);

static void read_config(void)
{
	write_log("reading the configuration");
}

static void open_log(void)
{
	call_once(&config_once, read_config);
}

static void write_log(const char *text)
{
	call_once(&log_once, open_log);
	puts(text);
}

int main(void)
{
	write_log("hello");
	return 0;
}
