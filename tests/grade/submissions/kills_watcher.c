/* Leaves a report of its own and kills who would write another. */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	FILE *report = fopen("conctrace.report.json", "w");

	fputs("{\"format\":\"conctrace-report\",\"version\":1,\"runs\":[{}]}", report);
	fclose(report);
	puts("done");
	fflush(stdout);
	kill(getppid(), SIGKILL);
	return 0;
}
