"""What a user does with the HTML report; for test_html_browser.sh. usage: html_browser.py PAGE"""
import sys

from browser import Browser

SHIFT = 8
HOSTILE = ("</script><b>x", '"onmouseover=x', "<!--<script>")


def check(condition, what):
    if not condition:
        sys.exit(f"FAIL: {what}")


def span(page):
    begin, end = page.value("conctrace.timeline.range()")
    return end - begin


def canvas(page):
    """Left and top of it, in pixels of the window, and its size."""
    page.value("document.querySelector('.tl-box').scrollIntoView({behavior: 'instant'})")
    return page.value(
        "(() => { const r = document.querySelector('.tl-box canvas').getBoundingClientRect();"
        " return [r.left, r.top, r.width, r.height]; })()"
    )


def drawn(page):
    """What the canvas shows after the next frame."""
    return page.value(
        "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() =>"
        " done(document.querySelector('.tl-box canvas').toDataURL()))))"
    )


def type_into(page, selector, text):
    page.value(f"document.querySelector('{selector}').focus()")
    page.value(f"document.querySelector('{selector}').select()")
    page.call("Input.insertText", {"text": text})


def press_button(page, name):
    page.value(f"document.querySelector('.tl-tools button[aria-label=\"{name}\"]').click()")


def text_of(page, selector):
    return page.value(f"document.querySelector('{selector}').textContent")


def check_zoom(page):
    whole = span(page)
    press_button(page, "zoom in")
    check(span(page) < whole, "the button + does not zoom")
    press_button(page, "the whole time")
    check(span(page) == whole, "All does not show all")
    left, top, width, height = canvas(page)
    page.click(left + width / 2, top + height / 2)
    page.mouse("Wheel", left + width / 2, top + height / 2, deltaX=0, deltaY=-300)
    page.wait(f"conctrace.timeline.range()[1] - conctrace.timeline.range()[0] < {whole}")
    begin = page.value("conctrace.timeline.range()[0]")
    page.drag(left + width / 2, top + 40, left + width / 2 + 100, top + 40)
    check(page.value("conctrace.timeline.range()[0]") < begin, "dragging does not pan")
    page.key("0")
    check(span(page) == whole, "the key 0 does not show all")
    page.drag(left + width / 2, top + 40, left + width * 0.6, top + 40, SHIFT)
    check(0 < span(page) < whole / 5, "a range cannot be selected")
    for count in (1, 2):
        page.mouse("Pressed", left + 300, top + 40, button="left", clickCount=count)
        page.mouse("Released", left + 300, top + 40, button="left", clickCount=count)
    check(span(page) == whole, "a double click does not show all")
    page.value("document.activeElement.blur()")
    page.mouse("Wheel", left + width / 2, top + height / 2, deltaX=0, deltaY=-300)
    check(span(page) == whole, "the wheel zooms though nobody has clicked")


def check_keys(page):
    whole, before = span(page), drawn(page)
    page.value("document.querySelector('.tl-box canvas').focus()")
    page.key("+")
    check(span(page) < whole, "the key + does not zoom")
    check("of" in text_of(page, ".tl-range"), "the range is not told")
    check(drawn(page) != before, "what is drawn is the same after zooming")
    page.key("Home")
    begin = page.value("conctrace.timeline.range()[0]")
    page.key("ArrowRight")
    check(begin == 0 < page.value("conctrace.timeline.range()[0]"), "the arrow does not pan")
    page.key("0")
    page.key("Escape")
    page.key("ArrowDown")
    first = text_of(page, ".tl-told")
    page.key("ArrowDown")
    check(first and text_of(page, ".tl-told") not in ("", first), "lanes cannot be selected")
    page.key(".")
    check(page.value("conctrace.timeline.item") > 0, "the next item cannot be selected")
    page.key("?")
    check(page.value("!document.querySelector('.tl-help').hidden"), "there is no help")
    page.key("Escape")
    check(page.value("document.querySelector('.tl-help').hidden"), "the help stays")
    page.key("/")
    check(page.value("document.activeElement.className") == "tl-find", "/ does not search")


def check_search(page):
    before = drawn(page)
    type_into(page, ".tl-find", "accounts")
    page.wait("document.querySelector('.tl-hits').textContent.includes('found')")
    found = page.value("conctrace.timeline.found.length")
    check(found > 0, "nothing is found for `accounts`")
    check(drawn(page) != before, "what was found does not stand out")
    page.key("Enter")
    check(text_of(page, ".tl-hits") == f"1 of {found}", "Enter does not go to the first")
    check("accounts" in text_of(page, ".tl-told"), "what was found is not told")
    first = page.value("conctrace.timeline.view.selected.from")
    press_button(page, "next")
    check(page.value("conctrace.timeline.view.selected.from") >= first, "next goes back")
    press_button(page, "previous")
    check(text_of(page, ".tl-hits") == f"1 of {found}", "previous is not the first again")
    type_into(page, ".tl-find", "no such name")
    page.wait("document.querySelector('.tl-hits').textContent === '0 found'")
    type_into(page, ".tl-find", HOSTILE[1])
    page.wait("/^[1-9].* found/.test(document.querySelector('.tl-hits').textContent)")
    page.key("Enter")
    check(HOSTILE[1] in text_of(page, ".tl-told"), "a hostile name is not shown as it is")
    type_into(page, ".tl-find", " ")
    page.value("conctrace.timeline.search('')")
    page.value("conctrace.timeline.reset()")


def check_filter(page):
    lanes = "conctrace.timeline.view.rowOf.size"
    everyone = page.value(lanes)
    check(everyone == 4, f"there are {everyone} lanes, not 4")
    type_into(page, ".tl-name", "script")
    check(page.value(lanes) == 2, "threads are not filtered by name")
    page.value("conctrace.timeline.parts.name.value = ''; conctrace.timeline.filter()")
    # In the middle of its sleep the idle one does not run, and who ended is not there.
    page.value("conctrace.timeline.parts.idle.click()")
    page.value(
        """(() => { const t = conctrace.timeline.model.threads.find((t) => t.name.includes('<!--'));
        let long = 0;
        for (let i = 0; i < t.kinds.length; i++)
            if (t.bounds[i + 1] - t.bounds[i] > t.bounds[long + 1] - t.bounds[long]) long = i;
        const from = t.bounds[long], to = t.bounds[long + 1];
        conctrace.timeline.setRange(from + (to - from) * .4, from + (to - from) * .6); })()"""
    )
    check(page.value(lanes) < everyone, "who only waits is not hidden")
    page.value("conctrace.timeline.parts.idle.click(); conctrace.timeline.reset()")
    check(page.value(lanes) == everyone, "lanes do not come back")


def check_pointer(page):
    left, top, width, _ = canvas(page)
    page.mouse("Moved", left + width / 2, top + 26 + 11)
    tip = text_of(page, ".tl-tip")
    check(tip.startswith("main: ") and " from " in tip, f"main's lane is told as {tip!r}")
    page.click(left + width / 2, top + 26 + 11)
    check(text_of(page, ".tl-told") == tip, "a click does not tell what the pointer is on")


def check_page(page):
    check(page.value("document.querySelectorAll('.jump-button').length") > 0,
          "no finding leads to its moment")
    page.value("document.querySelector('.jump-button').click()")
    check(page.value("conctrace.timeline.view.mark") > 0, "a finding's moment is not marked")
    page.value("conctrace.timeline.reset()")
    theme = page.value("getComputedStyle(document.body).backgroundColor")
    page.value("document.querySelector('.theme-button').click()")
    check(page.value("getComputedStyle(document.body).backgroundColor") != theme,
          "the theme does not change")
    page.value("document.querySelector('.theme-button').click()")
    sort = page.value("""(() => {
        const table = [...document.querySelectorAll('table.sortable')]
            .find((t) => t.tBodies[0].rows.length > 2);
        const header = table.tHead.rows[0].cells[table.tHead.rows[0].cells.length - 1];
        const order = () => [...table.tBodies[0].rows].map((row) => row.textContent).join();
        header.querySelector('button').click();
        const down = order();
        header.querySelector('button').click();
        return [header.ariaSort, down !== order()]; })()""")
    check(sort == ["ascending", True], f"tables are not sorted: {sort}")


def check_hostile(page):
    check(page.value("typeof window.hacked") == "undefined", "a name was run")
    check(page.value("document.querySelectorAll('img, b').length") == 0, "a name became markup")
    names = page.value("conctrace.timeline.model.threads.map((t) => t.name).join('|')")
    for name in HOSTILE:
        check(name in names, f"{name} is not a name: {names}")
        check(name in page.value("document.body.textContent"), f"{name} is not shown")


def check_plain(page):
    """Without scripts: the verdict, the finding and the still picture are seen."""
    root = page.call("DOM.getDocument", {"depth": 0})["root"]["nodeId"]

    def box(selector):
        node = page.call("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
        check(node, f"without scripts there is no {selector}")
        content = page.call("DOM.getBoxModel", {"nodeId": node})["model"]
        return content["width"], content["height"]

    for selector in ("#verdict", "#findings", "#timeline-view > svg"):
        width, height = box(selector)
        check(width > 100 and height > 10, f"without scripts {selector} is not seen")
    html = page.call("DOM.getOuterHTML", {"nodeId": root})["outerHTML"]
    check("tl-box" not in html.split("<body", 1)[1].split("<script", 1)[0], "scripts were run")


def main(file):
    with Browser() as browser:
        page = browser.open(file)
        page.wait("Boolean(conctrace.timeline && conctrace.timeline.drawn)")
        check(page.value("getComputedStyle(document.querySelector('#timeline-view > svg')).display")
              == "none", "the still picture stays")
        for part in (check_hostile, check_pointer, check_zoom, check_keys, check_search,
                     check_filter, check_page):
            part(page)
        check_hostile(page)
        narrow = browser.open(file, dark=True, width=360)
        narrow.wait("Boolean(conctrace.timeline)")
        check(narrow.value("document.documentElement.scrollWidth") <= 360,
              "the page is wider than a small window")
        check(narrow.value("[...document.querySelectorAll('td bdi')].filter(e => "
                           "/^[\\w-]{2,20}$/.test(e.textContent) && e.offsetHeight > 30).length")
              == 0, "short names are broken in a small window")
        check(narrow.value("document.querySelectorAll('td bdi').length") > 2, "no names")
        plain = browser.open(file, scripts=False)
        check_plain(plain)
        for shown in (page, narrow, plain):
            check(not shown.problems, f"the console has {shown.problems}")
            check(not shown.requests, f"it asked for {shown.requests}")


main(sys.argv[1])
