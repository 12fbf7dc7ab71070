/* Nodes are put into a list of the class's own without a lock: some get lost.
 * kind: hot
 */
#include <thread>
#include <vector>

#include "trial.h"

namespace
{
struct Node {
	Node *next = nullptr;
};

template <typename T> class List
{
      public:
	void push(T *node)
	{
		node->next = first; /* RACE */
		first = node;	    /* RACE */
		size++;		    /* RACE */
	}

      private:
	T *first = nullptr;
	int size = 0;
};

void work(List<Node> *list, std::vector<Node> *own)
{
	for (Node &node : *own) {
		list->push(&node);
		trial_keep();
	}
}
} // namespace

int main()
{
	List<Node> list;
	std::vector<Node> one(20000), other(20000);
	std::thread first(work, &list, &one), second(work, &list, &other);

	first.join();
	second.join();
	return trial_end();
}
