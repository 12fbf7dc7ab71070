/* For access_plugin.c. */
static long touched;

void *touch(long value)
{
	touched = value;
	return &touched;
}
