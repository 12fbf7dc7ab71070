#include "reader/ctf.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* At most nine digits: an absurd number is no name of ours. */
static const char *number(const char *text, uint32_t *out)
{
	size_t digits = strspn(text, "0123456789");

	if (digits == 0 || digits > 9)
		return NULL;
	*out = (uint32_t)strtoul(text, NULL, 10);
	return text + digits;
}

static bool parse_name(const char *name, struct ct_ctf_file *out)
{
	struct ct_ctf_file file = {.stream = CT_STREAM_DEFS, .dotted = *name == '.'};
	const char *at = name + (file.dotted ? 1 : 0);

	if (*at != 'p')
		return false;
	at = number(at + 1, &file.process);
	if (!at || file.process == 0)
		return false;
	if (strcmp(at, ".defs") != 0) {
		if (at[0] != '.' || at[1] != 't')
			return false;
		at = number(at + 2, &file.lane);
		if (!at || *at)
			return false;
		file.stream = CT_STREAM_THREAD;
	}
	*out = file;
	return true;
}

static int compare(const void *left, const void *right)
{
	const struct ct_ctf_file *a = left, *b = right;

	if (a->process != b->process)
		return a->process < b->process ? -1 : 1;
	if (a->stream != b->stream)
		return a->stream == CT_STREAM_DEFS ? -1 : 1;
	if (a->lane != b->lane)
		return a->lane < b->lane ? -1 : 1;
	return a->dotted - b->dotted;
}

static bool same_but_dot(const struct ct_ctf_file *a, const struct ct_ctf_file *b)
{
	return a->process == b->process && a->stream == b->stream && a->lane == b->lane;
}

/* A dotted file counts only where its plain one was not made. */
static void drop_twins(struct ct_ctf_files *files)
{
	size_t kept = 0;

	for (size_t i = 0; i < files->count; i++)
		if (kept == 0 || !same_but_dot(&files->files[kept - 1], &files->files[i]))
			files->files[kept++] = files->files[i];
	files->count = kept;
}

static enum ct_status list_into(struct ct_arena *arena, DIR *dir, const char *prefix,
				struct ct_ctf_files *files)
{
	const struct dirent *entry;

	while ((entry = readdir(dir))) {
		struct ct_ctf_file file;
		enum ct_status status;

		if (!parse_name(entry->d_name, &file))
			continue;
		file.name = ct_arena_printf(arena, "%s%s", prefix, entry->d_name);
		if (!file.name)
			return CT_ENOMEM;
		status = ct_trace_append(&files->files, &files->count, &files->cap, &file,
					 sizeof(file));
		if (status)
			return status;
	}
	return CT_OK;
}

enum ct_status ct_ctf_list(struct ct_arena *arena, int dir_fd, const char *prefix,
			   struct ct_ctf_files *out_files)
{
	struct ct_ctf_files files = {0};
	enum ct_status status;
	int fd = openat(dir_fd, *prefix ? prefix : ".",
			O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (!dir) {
		if (fd >= 0)
			close(fd);
		if (errno != ENOENT && errno != ENOTDIR && errno != ELOOP)
			return CT_EIO;
		*out_files = files;
		return CT_OK;
	}
	status = list_into(arena, dir, prefix, &files);
	closedir(dir);
	if (status) {
		free(files.files);
		return status;
	}
	if (files.count)
		qsort(files.files, files.count, sizeof(*files.files), compare);
	drop_twins(&files);
	*out_files = files;
	return CT_OK;
}

static size_t read_at(int fd, void *buffer, size_t size, off_t offset)
{
	size_t done = 0;

	while (done < size) {
		ssize_t n = pread(fd, (char *)buffer + done, size - done, offset + (off_t)done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	return done;
}

/* Its thread or process ended, or goes on, just as the file was being made. */
static bool not_begun(const struct ct_live *live, size_t size)
{
	return size == 0 || (size >= sizeof(*live) && live->magic == 0);
}

static const char *judge_live(const struct ct_live *live, size_t size)
{
	if (size < sizeof(*live))
		return "the live page is cut off";
	if (live->magic != CT_LIVE_MAGIC)
		return "no live page (wrong magic number)";
	if (live->version != CT_FORMAT_VERSION)
		return "a live page of another version";
	return NULL;
}

/* The packet may be appended and begun anew while it is copied: then a second copy shows the new
 * one, and the old one stands in the stream file, which the caller reads later. */
enum ct_status ct_live_copy(int dir_fd, const char *name, struct ct_live_copy *out_copy,
			    const char **out_what)
{
	struct ct_packet again;
	const char *what = NULL;
	bool begun = true;
	int fd = ct_open_regular(dir_fd, name, O_RDONLY);

	if (fd < 0)
		return CT_EIO;
	for (int tries = 0; tries < 4; tries++) {
		size_t size = read_at(fd, &out_copy->live, sizeof(out_copy->live), 0);

		begun = !not_begun(&out_copy->live, size);
		what = begun ? judge_live(&out_copy->live, size) : NULL;
		if (!begun || what)
			break;
		out_copy->packet_size =
			read_at(fd, out_copy->packet, sizeof(out_copy->packet), CT_LIVE_SIZE);
		if (read_at(fd, &again, sizeof(again), CT_LIVE_SIZE) < sizeof(again) ||
		    memcmp(&again.context.packet_seq_num,
			   out_copy->packet + offsetof(struct ct_packet, context.packet_seq_num),
			   sizeof(again.context.packet_seq_num)) == 0)
			break;
	}
	close(fd);
	*out_what = what;
	if (!begun)
		return CT_ENOTFOUND;
	return what ? CT_EFORMAT : CT_OK;
}

bool ct_live_begun(const struct ct_live_copy *copy)
{
	static const struct ct_packet none;

	return copy->packet_size < sizeof(none) || memcmp(copy->packet, &none, sizeof(none)) != 0;
}
