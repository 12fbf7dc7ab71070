/*
 * Teaches: processes that share no memory and no parent's pipes talk over sockets, which reach
 * other machines as well.
 *
 *   sockets [--workers N]   a server on the loopback interface and N clients (3), a process each.
 *                           A client sends ten numbers, the server answers with their sum
 *
 * conctrace has nothing to say; `conctrace timing` shows what each process sent and received over
 * sockets, and how long it waited for them. It records one machine: traces of several are not
 * merged.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define NUMBERS 10
#define MOST_CLIENTS 100

/* recv may return less than was asked for: a stream has no messages. */
static int receive(int peer, void *to, size_t size)
{
	for (size_t done = 0; done < size;) {
		ssize_t count = recv(peer, (char *)to + done, size - done, 0);

		if (count <= 0)
			return 0;
		done += (size_t)count;
	}
	return 1;
}

static int client(const struct sockaddr_in *server, int number)
{
	int numbers[NUMBERS], sum;
	int peer = socket(AF_INET, SOCK_STREAM, 0);

	for (int i = 0; i < NUMBERS; i++)
		numbers[i] = number * i;
	if (connect(peer, (const struct sockaddr *)server, sizeof(*server)) < 0 ||
	    send(peer, numbers, sizeof(numbers), 0) != sizeof(numbers) ||
	    !receive(peer, &sum, sizeof(sum)))
		return 1;
	close(peer);
	return sum == number * (NUMBERS * (NUMBERS - 1) / 2) ? 0 : 1;
}

static int serve_one(int listener)
{
	int numbers[NUMBERS], sum = 0;
	int peer = accept(listener, NULL, NULL);

	if (peer < 0 || !receive(peer, numbers, sizeof(numbers)))
		return 1;
	for (int i = 0; i < NUMBERS; i++)
		sum += numbers[i];
	if (send(peer, &sum, sizeof(sum), 0) != sizeof(sum))
		return 1;
	return close(peer);
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t size = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	int count = argc > 2 && strcmp(argv[1], "--workers") == 0 ? atoi(argv[2]) : 3;
	int failed = 0, status;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK); /* any free port */
	if (count < 1 || count > MOST_CLIENTS ||
	    bind(listener, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    listen(listener, MOST_CLIENTS) < 0 ||
	    getsockname(listener, (struct sockaddr *)&address, &size) < 0)
		return 2;
	for (int i = 0; i < count; i++)
		if (fork() == 0) {
			close(listener);
			_exit(client(&address, i + 1));
		}
	for (int i = 0; i < count; i++)
		failed |= serve_one(listener);
	for (int i = 0; i < count; i++)
		failed |= wait(&status) < 0 || status != 0;
	printf("%d clients served\n", count);
	return failed;
}
