"""many_findings.py ERRORS [WARNINGS]: a text trace with so many findings, on standard output.

The first 500 errors are of lock-order: two threads take two locks of its own in opposite orders. As
only 1,000 of these are told, the others are data races, each on a variable of its own. Each warning is
one of atomicity: a balance of its own is read under a lock, and written under a later hold of it.
"""
import sys

OPPOSITE = """\
left|acq(a{0})|left{0}.c:10
left|acq(b{0})|left{0}.c:11
left|rel(b{0})|left{0}.c:12
left|rel(a{0})|left{0}.c:13
right|acq(b{0})|right{0}.c:20
right|acq(a{0})|right{0}.c:21
right|rel(a{0})|right{0}.c:22
right|rel(b{0})|right{0}.c:23
"""
RACE = """\
left|w(count{0})|left{0}.c:30
right|w(count{0})|right{0}.c:40
"""
WARNING = """\
left|acq(m{0})|bank{0}.c:10
left|r(balance{0})|bank{0}.c:11
left|rel(m{0})|bank{0}.c:12
right|acq(m{0})|bank{0}.c:10
right|r(balance{0})|bank{0}.c:11
right|rel(m{0})|bank{0}.c:12
right|acq(m{0})|bank{0}.c:14
right|w(balance{0})|bank{0}.c:15
right|rel(m{0})|bank{0}.c:16
left|acq(m{0})|bank{0}.c:14
left|w(balance{0})|bank{0}.c:15
left|rel(m{0})|bank{0}.c:16
"""


def main():
    errors = int(sys.argv[1])
    warnings = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    sys.stdout.write("main|fork(left)|main.c:1\nmain|fork(right)|main.c:2\n")
    # Before all that takes locks, which would order them.
    for number in range(501, errors + 1):
        sys.stdout.write(RACE.format(number))
    for number in range(1, min(errors, 500) + 1):
        sys.stdout.write(OPPOSITE.format(number))
    for number in range(1, warnings + 1):
        sys.stdout.write(WARNING.format(number))
    sys.stdout.write("main|join(left)|main.c:3\nmain|join(right)|main.c:4\n")


main()
