/* The plug-in of ok_plugin.c. */
long plugin_calls;
void plugin_add(long *counter);

void plugin_add(long *counter)
{
	plugin_calls++;
	*counter += 1;
}
