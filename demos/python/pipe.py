"""A producer and a consumer process on a pipe. The consumer's end of file comes when nobody has
the write end any more: it has to close its own copy, too."""
import multiprocessing


def consume(reader, writer):
    writer.close()
    total = 0
    try:
        while True:
            total += reader.recv()
    except EOFError:
        print("the sum is", total, flush=True)


def main():
    reader, writer = multiprocessing.Pipe(duplex=False)
    consumer = multiprocessing.Process(target=consume, args=(reader, writer))
    consumer.start()
    reader.close()
    for number in range(1, 11):
        writer.send(number)
    writer.close()
    consumer.join()


if __name__ == "__main__":
    main()
