/* The program that lies beside it is another one. */
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
	puts("done");
	abort();
}
