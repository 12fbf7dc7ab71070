#include "reader/tail.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK 65536u

enum ct_status ct_tail_find(int dir_fd, const char *name, const struct ct_packet_rule *rule,
			    struct ct_tail *out_tail)
{
	struct ct_tail tail = {0};
	struct ct_packet_place place;
	struct ct_window window;
	struct stat st;
	enum ct_status status;
	int fd = ct_open_regular(dir_fd, name, O_RDONLY);

	if (fd < 0 && errno != ENOENT)
		return CT_EIO;
	if (fd < 0) {
		*out_tail = tail;
		return CT_OK;
	}
	status = fstat(fd, &st) == 0 ? CT_OK : CT_EIO;
	close(fd);
	if (status)
		return status;
	tail.exists = true;
	tail.size = (uint64_t)st.st_size;
	ct_window_init(&window, dir_fd, name, 4096);
	struct ct_packet_scan scan = {
		.window = &window,
		.file = name,
		.rule = *rule,
		.size = tail.size,
	};
	while (ct_packet_scan_next(&scan, &place)) {
		tail.any = true;
		tail.last = place;
	}
	status = window.status;
	ct_window_fini(&window);
	if (status == CT_OK)
		*out_tail = tail;
	return status;
}

uint64_t ct_tail_whole(struct ct_window *window, const struct ct_layouts *layouts,
		       enum ct_stream_id stream, const struct ct_packet_place *place,
		       uint64_t *out_time)
{
	uint64_t at = sizeof(struct ct_packet);
	struct ct_raw raw;

	*out_time = place->head.context.timestamp_begin;
	while (at < place->content && ct_raw_at(window, layouts, stream, place->offset + at,
						place->content - at, &raw) == CT_RAW_OK) {
		at += raw.size;
		*out_time = raw.time;
	}
	return at;
}

static enum ct_status put(int fd, const void *bytes, size_t size, uint64_t offset)
{
	size_t done = 0;

	while (done < size) {
		ssize_t n =
			pwrite(fd, (const char *)bytes + done, size - done, (off_t)(offset + done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return CT_EIO;
		done += (size_t)n;
	}
	return CT_OK;
}

/* The last packet, of which `whole` bytes are good, says so in its header. */
static enum ct_status shorten(int fd, struct ct_tail *tail, uint64_t whole, uint64_t time)
{
	struct ct_packet head = tail->last.head;

	head.context.content_size = head.context.packet_size = whole * 8;
	head.context.timestamp_end = time;
	tail->last.head = head;
	tail->last.content = tail->last.size = whole;
	tail->last.cut = false;
	return put(fd, &head, sizeof(head), tail->last.offset);
}

enum ct_status ct_tail_cut(int dir_fd, const char *name, const struct ct_packet_rule *rule,
			   const struct ct_layouts *layouts, struct ct_tail *tail)
{
	enum ct_status status = CT_OK;
	uint64_t end = tail->last.offset + tail->last.size, whole, time;
	struct ct_window window;
	int fd;

	if (!tail->any || (end == tail->size && !tail->last.cut))
		return CT_OK;
	fd = ct_open_regular(dir_fd, name, O_RDWR);
	if (fd < 0)
		return CT_EIO;
	if (tail->last.cut) {
		ct_window_init(&window, dir_fd, name, CHUNK);
		whole = ct_tail_whole(&window, layouts, rule->stream, &tail->last, &time);
		ct_window_fini(&window);
		if (whole > sizeof(struct ct_packet))
			status = shorten(fd, tail, whole, time);
		end = tail->last.offset + (whole > sizeof(struct ct_packet) ? whole : 0);
	}
	if (status == CT_OK && ftruncate(fd, (off_t)end) != 0)
		status = CT_EIO;
	close(fd);
	return status ? status : ct_tail_find(dir_fd, name, rule, tail);
}

enum ct_status ct_tail_write(int dir_fd, const char *name, uint64_t offset, uint64_t common,
			     const void *packet, size_t size)
{
	enum ct_status status;
	int fd = openat(dir_fd, name, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
			0600);
	int saved;

	if (fd < 0)
		return CT_EIO;
	/* The header comes last where it claims more than stands in the file. */
	status = put(fd, (const char *)packet + common, size - common, offset + common);
	if (status == CT_OK && common)
		status = put(fd, packet, sizeof(struct ct_packet), offset);
	saved = errno;
	if (status && ftruncate(fd, (off_t)(offset + common)) != 0)
		saved = errno; /* a torn tail stays: the next repair cuts it */
	close(fd);
	errno = saved;
	return status;
}
