/* Prints without an end. */
#include <stdio.h>

int main(void)
{
	for (;;)
		puts("done done done done done done done done");
}
