/* A kernel of bench/races/, whose main is compiled as kernel_main, eight times: long enough that
 * what a run costs once does not count. */
int kernel_main(void);

int main(void)
{
	for (int i = 0; i < 8; i++)
		if (kernel_main())
			return 1;
	return 0;
}
