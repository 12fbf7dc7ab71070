/*
 * conctrace: explains what a recorded program did. Dispatch only; commands are in cli/.
 */
#include "cli/command.h"

int main(int argc, char **argv)
{
	return ct_cli_main(argc, argv);
}
