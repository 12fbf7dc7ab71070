#!/usr/bin/env python3
"""Put the style and the script of the HTML report into a C file.

usage: embed_page.py OUT FILE...    FILE: .css and .js, each kind joined in the given order
"""
import base64
import hashlib
import sys


def array(name, data):
    lines = [f"const char {name}[] = {{"]
    data += b"\0"
    for start in range(0, len(data), 20):
        lines.append("\t" + "".join(f"{byte}," for byte in data[start : start + 20]))
    return lines + ["};", ""]


def joined(paths, ending):
    parts = []
    for path in paths:
        if path.endswith(ending):
            with open(path, "rb") as file:
                parts.append(file.read())
    # The page has no carriage returns, whatever the checkout made of line ends.
    return b"".join(parts).replace(b"\r\n", b"\n")


def main(out, *paths):
    style, script = joined(paths, ".css"), joined(paths, ".js")
    for name, data, closing in (("style", style, b"</style"), ("script", script, b"</script")):
        if closing in data.lower() or b"<!--" in data or not data.isascii() or b"\0" in data:
            sys.exit(f"{out}: the {name} has bytes that would end it, or are not ASCII")
    digest = base64.b64encode(hashlib.sha256(script).digest())
    lines = ['#include "report/html_page.h"', ""]
    lines += array("ct_html_page_style", style)
    lines += array("ct_html_page_script", script)
    lines += array("ct_html_page_script_hash", b"sha256-" + digest)
    with open(out, "w", encoding="ascii") as file:
        file.write("\n".join(lines))


main(*sys.argv[1:])
