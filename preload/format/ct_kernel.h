#ifndef CT_FORMAT_CT_KERNEL_H
#define CT_FORMAT_CT_KERNEL_H
/*
 * Numbers in payloads that stand for things outside the program's memory.
 */
#include <stdint.h>

/* A kernel object's key in `object`: class << 56 | what tells it from others of its class. */
enum ct_kernel_class {
	CT_KERNEL_INODE = 0,	/* pipe, FIFO, socket: inode */
	CT_KERNEL_EVENTFD = 1,	/* the kernel's eventfd-id, else a number of ours with bit 55 set */
	CT_KERNEL_EPOLL = 2,	/* a number of ours */
	CT_KERNEL_TIMERFD = 3,	/* a number of ours */
	CT_KERNEL_SIGNALFD = 4, /* a number of ours */
	CT_KERNEL_SEM = 5,	/* semid << 16 | number in the set, CT_SEM_ALL: the set */
	CT_KERNEL_MSG = 6,	/* msqid */
	CT_KERNEL_MQ = 7,	/* inode */
	CT_KERNEL_FILE = 8,	/* hash of device and inode; an object_name has the path */
};

#define CT_SEM_ALL 0xffffu
#define CT_KERNEL_ID_MASK (((uint64_t)1 << 56) - 1)
#define CT_KERNEL_KEY(class_, id) ((uint64_t)(class_) << 56 | ((uint64_t)(id)&CT_KERNEL_ID_MASK))
#define CT_KERNEL_CLASS(key) ((enum ct_kernel_class)((key) >> 56))

/* The device of MAP definitions of System V shared memory; the inode is the segment's id. */
#define CT_DEVICE_SYSV (UINT64_MAX - 1)

/* Why calls are not seen. */
enum ct_unseen {
	CT_UNSEEN_DEEPBIND = 1,	   /* library loaded with RTLD_DEEPBIND */
	CT_UNSEEN_NAMESPACE = 2,   /* library loaded by dlmopen */
	CT_UNSEEN_STATIC = 3,	   /* program without a dynamic linker */
	CT_UNSEEN_PRIVILEGED = 4,  /* set-user-id, set-group-id or with capabilities */
	CT_UNSEEN_MACHINE = 5,	   /* program of another architecture */
	CT_UNSEEN_ENVIRONMENT = 6, /* program started without LD_PRELOAD */
	CT_UNSEEN_CLONE = 7, /* child of clone(CLONE_VM) without thread-local storage of its own */
	CT_UNSEEN_USER = 8,  /* program started by a user who may not open the trace */
};

enum ct_file_lock_mode { CT_FILE_UNLOCK = 0, CT_FILE_SHARED = 1, CT_FILE_EXCLUSIVE = 2 };
/* Who holds it: the process (fcntl, lockf), or all who share the open file (OFD locks; flock). The
 * three kinds of locks do not see one another, but for lockf, which is fcntl's. */
enum ct_file_lock_owner { CT_OWNER_PROCESS = 0, CT_OWNER_OPEN_FILE = 1, CT_OWNER_FLOCK = 2 };

/* HANDLER's code: */
#define CT_CODE_UNKNOWN 0x7fffffffu /* the handler was set in a way that asks for no siginfo_t */

/* access half of the argument of FD_OPEN, FD_DUP and FD_CLOSE */
#define CT_FD_ARG(fd, access) ((uint64_t)(uint32_t)(fd) | (uint64_t)(access) << 32)

#endif
