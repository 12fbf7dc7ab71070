#include "live/maps.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/vec.h"

bool ct_shared_maps_parse(const char *line, struct ct_shared_range *out)
{
	struct ct_shared_range range;
	unsigned major, minor;
	char rights[5];

	if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s %" SCNx64 " %x:%x %" SCNu64, &range.start,
		   &range.end, rights, &range.offset, &major, &minor, &range.inode) != 7 ||
	    rights[3] != 's')
		return false;
	range.device = (uint64_t)major << 32 | minor;
	*out = range;
	return true;
}

enum ct_status ct_shared_maps_read(struct ct_shared_maps *maps, pid_t pid, pid_t tid)
{
	char path[64], *line = NULL;
	enum ct_status status = CT_OK;
	size_t room = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/maps", (int)pid, (int)tid);
	file = fopen(path, "re");
	if (!file)
		return CT_OK;
	while (status == CT_OK && getline(&line, &room, file) > 0) {
		struct ct_shared_range range;

		if (!ct_shared_maps_parse(line, &range))
			continue;
		status = ct_vec_grow(&maps->ranges, &maps->cap, maps->count + 1, sizeof(range));
		if (status == CT_OK)
			maps->ranges[maps->count++] = range;
	}
	free(line);
	fclose(file);
	return status;
}

void ct_shared_maps_fini(struct ct_shared_maps *maps)
{
	free(maps->ranges);
	*maps = (struct ct_shared_maps){0};
}

const struct ct_shared_range *ct_shared_maps_find(const struct ct_shared_maps *maps,
						  uint64_t address)
{
	for (size_t i = 0; i < maps->count; i++)
		if (address >= maps->ranges[i].start && address < maps->ranges[i].end)
			return &maps->ranges[i];
	return NULL;
}
