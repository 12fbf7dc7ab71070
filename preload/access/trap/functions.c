#include "access/trap/functions.h"

#include <string.h>

#include "sys/kernel.h"

/* Encodings of pointers: four bytes, signed, relative to where they stand or to the table. */
enum { PLAIN_4 = 0x03, RELATIVE_4 = 0x1b, TABLE_4 = 0x3b };
enum { INDEX_HEADER = 12, LARGEST = 1 << 20, NAME_MOST = 8 };

struct index_row {
	int32_t start, frame; /* relative to the index */
};

/* Bytes of the module's constant memory: reading cannot fault, nor leave it. */
struct bytes {
	uintptr_t at, end;
};

static bool read_bytes(struct bytes *bytes, void *out, size_t size)
{
	if (bytes->at > bytes->end || size > bytes->end - bytes->at)
		return false;
	memcpy(out, (const void *)bytes->at, size);
	bytes->at += size;
	return true;
}

static bool open_bytes(const struct ct_module *module, uintptr_t address, struct bytes *out)
{
	for (unsigned i = 0; i < module->constant_count; i++) {
		const struct ct_range *range = &module->constants[i];

		if (address >= range->start && address < range->end) {
			*out = (struct bytes){address, range->end};
			return true;
		}
	}
	return false;
}

static bool skip_leb(struct bytes *bytes)
{
	uint8_t byte;

	do {
		if (!read_bytes(bytes, &byte, 1))
			return false;
	} while (byte & 0x80);
	return true;
}

/* The length before an entry of .eh_frame; `bytes` then ends with the entry. */
static bool open_entry(const struct ct_module *module, uintptr_t address, struct bytes *out)
{
	uint32_t length;

	if (!open_bytes(module, address, out) || !read_bytes(out, &length, sizeof(length)) ||
	    length == 0 || length == UINT32_MAX || length > out->end - out->at)
		return false;
	out->end = out->at + length;
	return true;
}

/* After the augmentation's name: are the functions' addresses as linkers write them? */
static bool read_augmentation(struct bytes *bytes, const char *name)
{
	uint8_t encoding;

	for (; *name; name++) {
		switch (*name) {
		case 'L':
			if (!read_bytes(bytes, &encoding, 1))
				return false;
			break;
		case 'P':
			if (!read_bytes(bytes, &encoding, 1))
				return false;
			bytes->at += (encoding & 0x07) == PLAIN_4 ? 4 : 8;
			break;
		case 'R':
			return read_bytes(bytes, &encoding, 1) && encoding == RELATIVE_4;
		default: /* a signal's frame, among others */
			return false;
		}
	}
	return false;
}

/* Whether the common part (CIE) of functions is such as compilers emit. */
static bool is_usual(const struct ct_module *module, uintptr_t address)
{
	struct bytes bytes;
	uint32_t id;
	uint8_t version;
	char name[NAME_MOST];
	size_t length = 0;

	if (!open_entry(module, address, &bytes) || !read_bytes(&bytes, &id, sizeof(id)) ||
	    id != 0 || !read_bytes(&bytes, &version, 1) || (version != 1 && version != 3))
		return false;
	do {
		if (length == NAME_MOST || !read_bytes(&bytes, &name[length], 1))
			return false;
	} while (name[length++]);
	/* Factors of code and data, the return address's register, the augmentation's length. */
	if (name[0] != 'z' || !skip_leb(&bytes) || !skip_leb(&bytes) || !skip_leb(&bytes) ||
	    !skip_leb(&bytes))
		return false;
	return read_augmentation(&bytes, name + 1);
}

/* The function that one entry (FDE) describes. *usual: the common part that was looked at last. */
static bool read_function(const struct ct_module *module, uintptr_t address, uintptr_t *usual,
			  struct ct_function *out)
{
	struct bytes bytes;
	uintptr_t common, place;
	uint32_t back, size;
	int32_t start;

	if (!open_entry(module, address, &bytes))
		return false;
	place = bytes.at;
	if (!read_bytes(&bytes, &back, sizeof(back)) || back == 0)
		return false;
	common = place - back;
	if (common != *usual) {
		if (!is_usual(module, common))
			return false;
		*usual = common;
	}
	place = bytes.at;
	if (!read_bytes(&bytes, &start, sizeof(start)) || !read_bytes(&bytes, &size, sizeof(size)))
		return false;
	*out = (struct ct_function){.start = place + (uintptr_t)(intptr_t)start, .size = size};
	return size && size <= LARGEST && ct_module_is_code(module, out->start) &&
	       ct_module_is_code(module, out->start + size - 1);
}

static void read_rows(const struct ct_module *module, struct bytes rows, size_t count,
		      struct ct_functions *out)
{
	uintptr_t usual = 0, end = 0;
	struct index_row row;

	for (size_t i = 0; i < count && read_bytes(&rows, &row, sizeof(row)); i++) {
		uintptr_t start = module->index.start + (uintptr_t)(intptr_t)row.start;
		uintptr_t frame = module->index.start + (uintptr_t)(intptr_t)row.frame;
		struct ct_function function;

		if (!read_function(module, frame, &usual, &function) || function.start != start)
			continue;
		if (start < end) { /* two at one place: neither is to be trusted */
			if (out->count && start < out->items[out->count - 1].start +
							  out->items[out->count - 1].size)
				out->count--;
			end = end > start + function.size ? end : start + function.size;
			continue;
		}
		end = start + function.size;
		out->items[out->count++] = function;
	}
}

bool ct_functions_find(const struct ct_module *module, struct ct_functions *out)
{
	struct bytes bytes;
	uint8_t header[INDEX_HEADER];
	uint32_t count;

	if (!open_bytes(module, module->index.start, &bytes) ||
	    !read_bytes(&bytes, header, sizeof(header)))
		return false;
	memcpy(&count, header + 8, sizeof(count));
	if (header[0] != 1 || header[1] != RELATIVE_4 || header[2] != PLAIN_4 ||
	    header[3] != TABLE_4 || count == 0 ||
	    count > (bytes.end - bytes.at) / sizeof(struct index_row))
		return false;
	*out = (struct ct_functions){.memory_size = count * sizeof(*out->items)};
	out->items = ct_sys_map(-1, out->memory_size);
	if (!out->items)
		return false;
	read_rows(module, bytes, count, out);
	return true;
}

void ct_functions_free(struct ct_functions *functions)
{
	if (functions->items)
		ct_sys_unmap(functions->items, functions->memory_size);
	*functions = (struct ct_functions){0};
}

struct ct_function *ct_functions_at(const struct ct_functions *functions, uintptr_t address)
{
	size_t low = 0, high = functions->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (functions->items[middle].start <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low || address - functions->items[low - 1].start >= functions->items[low - 1].size)
		return NULL;
	return &functions->items[low - 1];
}

size_t ct_functions_bytes(const struct ct_functions *functions)
{
	size_t bytes = 0;

	for (size_t i = 0; i < functions->count; i++)
		bytes += functions->items[i].size;
	return bytes;
}
