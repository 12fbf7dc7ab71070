/* As much of C++ as makes a compiler emit all of its entry points; `order` is not a constant. */
#include <atomic>
#include <cstdint>
#include <cstring>
#include <string>

struct base {
	virtual ~base()
	{
	}
	virtual int get()
	{
		return 1;
	}
};
struct derived : base {
	int get() override
	{
		return 2;
	}
};
struct __attribute__((packed)) unaligned {
	char first;
	uint16_t two;
	uint32_t four;
	uint64_t eight;
	volatile uint16_t volatile_two;
	volatile uint32_t volatile_four;
	volatile uint64_t volatile_eight;
};
struct odd {
	char bytes[23];
};

template <class T> T accesses(T *p, volatile T *q)
{
	T old = *p;
	*p += 3;
	*q = old;
	return *q;
}

template <class T> T operations(T *p, T *other, T value, int order)
{
	T old = __atomic_load_n(p, order);
	__atomic_store_n(p, value, order);
	old += __atomic_exchange_n(p, value, order) + __atomic_fetch_add(p, value, order);
	old += __atomic_fetch_sub(p, value, order) + __atomic_fetch_and(p, value, order);
	old += __atomic_fetch_or(p, value, order) + __atomic_fetch_xor(p, value, order);
	old += __atomic_fetch_nand(p, value, order);
	old += __atomic_compare_exchange_n(p, other, value, false, __ATOMIC_SEQ_CST,
					   __ATOMIC_RELAXED);
	old += __atomic_compare_exchange_n(p, other, value, true, __ATOMIC_ACQ_REL,
					   __ATOMIC_ACQUIRE);
	return old + __sync_val_compare_and_swap(p, value, old);
}

template uint8_t accesses(uint8_t *, volatile uint8_t *);
template uint16_t accesses(uint16_t *, volatile uint16_t *);
template uint32_t accesses(uint32_t *, volatile uint32_t *);
template uint64_t accesses(uint64_t *, volatile uint64_t *);
__extension__ typedef unsigned __int128 u128;
template u128 accesses(u128 *, volatile u128 *);
template uint8_t operations(uint8_t *, uint8_t *, uint8_t, int);
template uint16_t operations(uint16_t *, uint16_t *, uint16_t, int);
template uint32_t operations(uint32_t *, uint32_t *, uint32_t, int);
template uint64_t operations(uint64_t *, uint64_t *, uint64_t, int);
template u128 operations(u128 *, u128 *, u128, int);

uint64_t packed(unaligned *p)
{
	p->two++, p->four++, p->eight++;
	p->volatile_two = 1, p->volatile_four = 2, p->volatile_eight = 3;
	return p->two + p->four + p->eight + p->volatile_two + p->volatile_four + p->volatile_eight;
}

int calls(base *p)
{
	int value = p->get();
	delete p;
	return value;
}
base *makes()
{
	return new derived;
}
void copies(odd *to, const odd *from)
{
	*to = *from;
}
void blocks(void *to, void *from, size_t size)
{
	memcpy(to, from, size);
	memmove(to, from, size + 1);
	memset(to, 1, size);
	__builtin_memcpy(to, from, size + 2);
	__builtin_memset(from, 0, size);
}
void fences(int order)
{
	std::atomic_thread_fence(std::memory_order_seq_cst);
	std::atomic_signal_fence(std::memory_order_seq_cst);
	__atomic_thread_fence(order);
}
int makes_int();
int guarded()
{
	static int value = makes_int();
	return value;
}
int makes_int()
{
	return 4;
}
std::string strings(const std::string &text)
{
	return text + "x";
}

int main(int count, char **)
{
	uint32_t word = 1, other = 2;
	u128 wide = 1, other_wide = 2;
	unaligned p = {};

	fences(count);
	return (int)(operations(&word, &other, 3u, 5) * 0 +
		     operations(&wide, &other_wide, (u128)3, 5) * 0 + packed(&p) * 0) +
	       guarded() - 4 + calls(makes()) - 2 + (strings("a") != "ax");
}
