"""Writes the page of a trace, opens it in headless chromium, and prints a line; for html.sh.

usage: measure.py NAME CONCTRACE TRACE PAGE
"""
import os
import subprocess
import sys
import time

from browser import Browser

STEPS = 14
ZOOM = f"""(() => {{
    const t = conctrace.timeline, steps = [];
    for (let i = 0; i < {STEPS}; i++) {{
        const began = performance.now();
        t.zoom(1 / 1.5);
        t.drawNow();
        t.parts.canvas.getContext('2d').getImageData(0, 0, 1, 1); /* waits until it is drawn */
        steps.push(performance.now() - began);
    }}
    return Math.max(...steps);
}})()"""


def main(name, conctrace, trace, file):
    began = time.monotonic()
    subprocess.run([conctrace, "report", "--html", file, trace], stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, check=False)
    written = time.monotonic() - began
    with Browser() as browser:
        began = time.monotonic()
        page = browser.open(file)
        page.wait("Boolean(conctrace.timeline && conctrace.timeline.drawn)")
        ready = time.monotonic() - began
        paint = page.value(
            "performance.getEntriesByName('first-contentful-paint')[0].startTime")
        items = page.value("conctrace.timeline.model.threads.reduce((n, t) => n + t.kinds.length, 0)")
        slowest = page.value(ZOOM)
    print(f"{name}: {os.path.getsize(file) / 1e6:.2f} MB with {items} items, written in "
          f"{written:.1f} s; first paint after {paint / 1e3:.2f} s, timeline after {ready:.2f} s, "
          f"slowest step of zooming {slowest:.0f} ms", flush=True)


main(*sys.argv[1:])
