"""A pool of two processes: map() gives the results in the order of the work, apply_async() a
promise of one."""
import multiprocessing


def square(number):
    return number * number


def main():
    with multiprocessing.Pool(2) as pool:
        print(pool.map(square, range(6)))
        promises = [pool.apply_async(square, (number,)) for number in range(6, 9)]
        print([promise.get() for promise in promises])
        pool.close()
        pool.join()


if __name__ == "__main__":
    main()
