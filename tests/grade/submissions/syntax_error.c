/* No C. */

int main(void)
{
	return 0
}
