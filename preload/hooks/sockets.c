#include "hooks/sockets.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/time.h>
#include <sys/un.h>

#include "format/ct_format.h"
#include "record/defs.h"
#include "record/process.h"
#include "sys/kernel.h"
#include "sys/line.h"

#define ADDRESS_SIZE 128 /* of the longest, a Unix path, with its prefix */

struct address {
	union {
		struct sockaddr any;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
		struct sockaddr_un un;
	};
	socklen_t size;
};

bool ct_socket_is_tracked(int domain, int type)
{
	type &= ~(SOCK_NONBLOCK | SOCK_CLOEXEC);
	return (domain == AF_UNIX || domain == AF_INET || domain == AF_INET6) &&
	       (type == SOCK_STREAM || type == SOCK_SEQPACKET || type == SOCK_DGRAM);
}

bool ct_socket_is_unix(int fd)
{
	int domain = AF_UNSPEC;
	socklen_t size = sizeof(domain);

	CT_SYS(SYS_getsockopt, fd, SOL_SOCKET, SO_DOMAIN, &domain, &size, 0);
	return domain == AF_UNIX;
}

static void add_port(struct ct_line *line, in_port_t port)
{
	ct_line_add_char(line, ':');
	ct_line_add_u64(line, ntohs(port));
}

static void add_ipv4(struct ct_line *line, const uint8_t bytes[4], in_port_t port)
{
	for (int i = 0; i < 4; i++) {
		if (i)
			ct_line_add_char(line, '.');
		ct_line_add_u64(line, bytes[i]);
	}
	add_port(line, port);
}

static uint16_t group_of(const struct in6_addr *address, int i)
{
	const uint8_t *at = &address->s6_addr[2 * (size_t)i];

	return (uint16_t)(at[0] << 8 | at[1]);
}

/* The longest run of groups that are 0: "::" stands for it (RFC 5952). */
static int longest_zeros(const struct in6_addr *address, int *out_length)
{
	int start = -1;

	*out_length = 1;
	for (int i = 0; i < 8; i++) {
		int end = i;

		while (end < 8 && group_of(address, end) == 0)
			end++;
		if (end - i > *out_length) {
			start = i;
			*out_length = end - i;
		}
	}
	return start;
}

static void add_group(struct ct_line *line, uint16_t group)
{
	int digits = 1;

	while (group >> (4 * digits))
		digits++;
	ct_line_add_hex(line, group, digits);
}

static void add_ipv6(struct ct_line *line, const struct sockaddr_in6 *in6)
{
	int length, zeros = longest_zeros(&in6->sin6_addr, &length);

	ct_line_add_char(line, '[');
	for (int i = 0; i < 8; i++) {
		if (i == zeros) {
			ct_line_add(line, "::");
			i += length - 1;
			continue;
		}
		if (i && i != zeros + length)
			ct_line_add_char(line, ':');
		add_group(line, group_of(&in6->sin6_addr, i));
	}
	ct_line_add_char(line, ']');
	add_port(line, in6->sin6_port);
}

/* An abstract name begins with a NUL, and may have more of them. */
static void add_unix(struct ct_line *line, const struct address *address)
{
	size_t size = address->size - offsetof(struct sockaddr_un, sun_path);
	bool abstract = address->un.sun_path[0] == '\0';

	ct_line_add(line, "unix:");
	for (size_t i = 0; i < size && i < sizeof(address->un.sun_path); i++) {
		char c = address->un.sun_path[i];

		if (!c && !abstract)
			break;
		if (!c)
			c = '@';
		ct_line_add_char(line, c);
	}
}

/* Both ends of a connection name an IPv4 address the same way, whatever sockets they have. */
static void add_address(struct ct_line *line, const struct address *address)
{
	switch (address->any.sa_family) {
	case AF_INET:
		if (address->size >= sizeof(address->in) && address->in.sin_port)
			add_ipv4(line, (const uint8_t *)&address->in.sin_addr,
				 address->in.sin_port);
		break;
	case AF_INET6:
		if (address->size < sizeof(address->in6) || !address->in6.sin6_port)
			break;
		if (IN6_IS_ADDR_V4MAPPED(&address->in6.sin6_addr))
			add_ipv4(line, address->in6.sin6_addr.s6_addr + 12, address->in6.sin6_port);
		else
			add_ipv6(line, &address->in6);
		break;
	case AF_UNIX:
		if (address->size > offsetof(struct sockaddr_un, sun_path))
			add_unix(line, address);
		break;
	}
}

/* Asks the kernel by getsockname or getpeername. */
static struct address ask(long call, int fd)
{
	struct address address = {.any = {.sa_family = AF_UNSPEC}};
	socklen_t size = sizeof(struct sockaddr_un);

	if (CT_SYS(call, fd, &address.any, &size, 0, 0, 0) == 0)
		address.size = size;
	else
		address.any.sa_family = AF_UNSPEC;
	return address;
}

static void define(struct ct_process *process, int fd, uint64_t inode, const struct address *peer)
{
	struct address local = ask(SYS_getsockname, fd);
	char local_text[ADDRESS_SIZE], peer_text[ADDRESS_SIZE];
	struct ct_line line;

	if (!process)
		return;
	ct_line_init(&line, local_text, sizeof(local_text));
	add_address(&line, &local);
	ct_line_init(&line, peer_text, sizeof(peer_text));
	add_address(&line, peer);
	if (*local_text || *peer_text)
		ct_defs_socket(process, inode, local_text, peer_text);
}

void ct_socket_define(struct ct_process *process, int fd, uint64_t inode)
{
	struct address peer = ask(SYS_getpeername, fd);

	define(process, fd, inode, &peer);
}

void ct_socket_define_connecting(struct ct_process *process, int fd, uint64_t inode,
				 const struct sockaddr *peer, socklen_t size)
{
	struct address address = {.any = {.sa_family = AF_UNSPEC}};

	if (size <= sizeof(struct sockaddr_un)) {
		address.size = size;
		__builtin_memcpy(&address.any, peer, size);
	}
	define(process, fd, inode, &address);
}

static bool may_be_timed;

void ct_socket_may_be_timed(void)
{
	__atomic_store_n(&may_be_timed, true, __ATOMIC_RELAXED);
}

uint16_t ct_socket_timed(int fd, bool sends)
{
	struct timeval limit = {0};
	socklen_t size = sizeof(limit);

	if (!__atomic_load_n(&may_be_timed, __ATOMIC_RELAXED))
		return 0;
	CT_SYS(SYS_getsockopt, fd, SOL_SOCKET, sends ? SO_SNDTIMEO : SO_RCVTIMEO, &limit, &size, 0);
	return limit.tv_sec || limit.tv_usec ? CT_F_TIMED : 0;
}

static bool refused; /* the kernel does not tell peers: once here, it will be again */

static void refuse(void)
{
	__atomic_store_n(&refused, true, __ATOMIC_RELAXED);
}

/* What the kernel answers to a question about a Unix socket: its attribute PEER. */
static uint64_t peer_in(const char *answer, size_t size)
{
	const struct nlmsghdr *header = (const void *)answer;
	const struct rtattr *attribute;
	size_t rest;

	if (size < sizeof(*header))
		return 0;
	if (header->nlmsg_type == NLMSG_ERROR)
		refuse(); /* it looks for the means each time, which takes long */
	if (size < NLMSG_LENGTH(sizeof(struct unix_diag_msg)) || header->nlmsg_len > size ||
	    header->nlmsg_type != SOCK_DIAG_BY_FAMILY)
		return 0;
	attribute = (const void *)(answer + NLMSG_SPACE(sizeof(struct unix_diag_msg)));
	rest = header->nlmsg_len - NLMSG_LENGTH(sizeof(struct unix_diag_msg));
	for (; RTA_OK(attribute, rest); attribute = RTA_NEXT(attribute, rest)) {
		uint32_t peer;

		if (attribute->rta_type != UNIX_DIAG_PEER)
			continue;
		__builtin_memcpy(&peer, RTA_DATA(attribute), sizeof(peer));
		return peer;
	}
	return 0;
}

uint64_t ct_socket_peer(uint64_t inode)
{
	struct {
		struct nlmsghdr header;
		struct unix_diag_req body;
	} question = {
		.header = {.nlmsg_len = sizeof(question),
			   .nlmsg_type = SOCK_DIAG_BY_FAMILY,
			   .nlmsg_flags = NLM_F_REQUEST},
		.body = {.sdiag_family = AF_UNIX,
			 .udiag_states = UINT32_MAX,
			 .udiag_ino = (uint32_t)inode,
			 .udiag_show = UDIAG_SHOW_PEER,
			 .udiag_cookie = {UINT32_MAX, UINT32_MAX}},
	};
	_Alignas(struct nlmsghdr) char answer[512] = {0};
	long fd, size;

	if (__atomic_load_n(&refused, __ATOMIC_RELAXED))
		return 0;
	fd = CT_SYS(SYS_socket, AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG, 0, 0, 0);
	if (fd < 0) {
		if (fd != -EMFILE && fd != -ENFILE)
			refuse();
		return 0;
	}
	size = CT_SYS(SYS_sendto, fd, &question, sizeof(question), MSG_DONTWAIT, 0, 0);
	if (size == sizeof(question))
		size = CT_SYS(SYS_recvfrom, fd, answer, sizeof(answer), MSG_DONTWAIT, 0, 0);
	ct_sys_close((int)fd);
	return size > 0 ? peer_in(answer, (size_t)size) : 0;
}
