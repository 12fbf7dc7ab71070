#ifndef CT_HOOKS_SOCKETS_H
#define CT_HOOKS_SOCKETS_H
/*
 * What tells which socket talks to which: addresses, as SOCKET definitions, and where addresses do
 * not tell (the accepting end of a Unix stream meets a peer without a name), the peer's inode.
 */
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

struct ct_process;

/* Unix and internet sockets that carry streams or messages between programs. */
bool ct_socket_is_tracked(int domain, int type);

bool ct_socket_is_unix(int fd);

/* Defines the addresses of `fd`, if it has any. */
void ct_socket_define(struct ct_process *process, int fd, uint64_t inode);
/* The same of a connection that is being made: the kernel does not tell its peer before it
 * stands. */
void ct_socket_define_connecting(struct ct_process *process, int fd, uint64_t inode,
				 const struct sockaddr *peer, socklen_t size);

/* CT_F_TIMED if the socket has a time limit for receiving, or sending (SO_RCVTIMEO, SO_SNDTIMEO),
 * else 0; also of a descriptor that is no socket. As long as no socket of the process may have one,
 * which the second says, the kernel is not asked. */
uint16_t ct_socket_timed(int fd, bool sends);
void ct_socket_may_be_timed(void);

/* The inode of the peer of a connected Unix socket; 0: unknown. */
uint64_t ct_socket_peer(uint64_t inode);

#endif
