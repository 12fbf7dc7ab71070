"""Drives headless chromium through the DevTools protocol, with python's own library only.

    with Browser() as browser:
        page = browser.open("page.html")      scripts=False, dark=True, width=360 ...
        page.value("document.title")
        page.problems                         errors and warnings of the console, exceptions
        page.requests                         URLs that it asked for, the page itself left out
"""
import base64
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

LIMIT = 20  # seconds for any one answer


class Socket:
    """A WebSocket (RFC 6455) of the client, as far as DevTools needs one."""

    def __init__(self, port, path):
        self.socket = socket.create_connection(("127.0.0.1", port), LIMIT)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        self.file = self.socket.makefile("rb")
        if b"101" not in self.file.readline():
            raise OSError("chromium refused the connection")
        while self.file.readline() != b"\r\n":
            pass

    def send(self, text):
        data, mask = text.encode(), os.urandom(4)
        size = len(data)
        length = bytes([0x80 | size]) if size < 126 else struct.pack("!BQ", 0x80 | 127, size)
        body = bytes(byte ^ mask[i % 4] for i, byte in enumerate(data))
        self.socket.sendall(b"\x81" + length + mask + body)

    def receive(self):
        whole = b""
        while True:
            first, second = self.file.read(2)
            size = second & 127
            if size == 126:
                size = struct.unpack("!H", self.file.read(2))[0]
            elif size == 127:
                size = struct.unpack("!Q", self.file.read(8))[0]
            data = self.file.read(size)
            if first & 15 in (0, 1):
                whole += data
                if first & 0x80:
                    return whole.decode()
            elif first & 15 == 8:
                raise OSError("chromium closed the connection")

    def close(self):
        self.file.close()
        self.socket.close()


class Page:
    def __init__(self, browser, url):
        self.browser, self.url = browser, url
        self.problems, self.requests, self.loaded = [], [], False
        target = browser.call("Target.createTarget", {"url": "about:blank"})["targetId"]
        answer = browser.call("Target.attachToTarget", {"targetId": target, "flatten": True})
        self.session = answer["sessionId"]
        browser.pages[self.session] = self
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")

    def call(self, method, params=None):
        return self.browser.call(method, params or {}, self.session)

    def event(self, method, params):
        if method == "Page.loadEventFired":
            self.loaded = True
        elif method == "Runtime.exceptionThrown":
            self.problems.append(str(params["exceptionDetails"]))
        elif method == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning"):
            self.problems.append(str(params["args"]))
        elif method == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
            self.problems.append(str(params["entry"]))
        elif method == "Network.requestWillBeSent" and params["request"]["url"] != self.url:
            self.requests.append(params["request"]["url"])

    def value(self, expression):
        """Of an expression in the page; of a promise, what it is fulfilled with."""
        answer = self.call(
            "Runtime.evaluate",
            {"expression": expression, "returnByValue": True, "awaitPromise": True},
        )
        if "exceptionDetails" in answer:
            raise ValueError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def wait(self, expression):
        """Until it is true."""
        end = time.monotonic() + LIMIT
        while not self.value(expression):
            if time.monotonic() > end:
                raise TimeoutError(expression)
            time.sleep(0.02)

    def key(self, key, modifiers=0):
        params = {"key": key, "modifiers": modifiers}
        if len(key) == 1:
            params["text"] = key
        self.call("Input.dispatchKeyEvent", {**params, "type": "keyDown"})
        self.call("Input.dispatchKeyEvent", {**params, "type": "keyUp"})

    def mouse(self, kind, x, y, **more):
        """kind: Pressed, Released, Moved, Wheel."""
        self.call("Input.dispatchMouseEvent", {"type": "mouse" + kind, "x": x, "y": y, **more})

    def drag(self, x1, y1, x2, y2, modifiers=0):
        held = {"button": "left", "clickCount": 1, "modifiers": modifiers}
        self.mouse("Moved", x1, y1)
        self.mouse("Pressed", x1, y1, **held)
        for part in (0.5, 1):
            self.mouse("Moved", x1 + (x2 - x1) * part, y1 + (y2 - y1) * part,
                       button="left", buttons=1, modifiers=modifiers)
        self.mouse("Released", x2, y2, **held)

    def click(self, x, y):
        self.drag(x, y, x, y)

    def screenshot(self, file):
        data = self.call("Page.captureScreenshot", {"captureBeyondViewport": True})["data"]
        with open(file, "wb") as out:
            out.write(base64.b64decode(data))


class Browser:
    def __enter__(self):
        program = shutil.which("chromium") or shutil.which("google-chrome")
        if not program:
            raise FileNotFoundError("chromium: scripts/install-deps.sh installs it")
        # A time limit ends the test, and with it chromium.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
        self.folder = tempfile.mkdtemp(prefix="ct-browser.")
        self.pages, self.number = {}, 0
        # pylint: disable=consider-using-with
        self.process = subprocess.Popen(
            [program, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
             "--disable-dev-shm-usage", "--disable-background-networking",
             "--remote-debugging-port=0", "--user-data-dir=" + self.folder, "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            self.socket = Socket(*self.address())
        except BaseException:
            self.end()
            raise
        return self

    def address(self):
        file, end = os.path.join(self.folder, "DevToolsActivePort"), time.monotonic() + LIMIT
        while time.monotonic() < end and self.process.poll() is None:
            try:
                with open(file, encoding="ascii") as lines:
                    port, path = lines.read().split("\n")
                return int(port), path
            except (FileNotFoundError, ValueError):
                time.sleep(0.05)
        raise TimeoutError("chromium does not start")

    def end(self):
        """All of its processes, which are a group: none may write into the folder any more."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        for _ in range(20):
            shutil.rmtree(self.folder, ignore_errors=True)
            if not os.path.exists(self.folder):
                break
            time.sleep(0.05)

    def __exit__(self, *error):
        self.socket.close()
        self.end()

    def call(self, method, params=None, session=None):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params or {}}
        if session:
            message["sessionId"] = session
        self.socket.send(json.dumps(message))
        while True:
            answer = self.receive()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise ValueError(f"{method}: {answer['error']}")
                return answer["result"]

    def receive(self):
        message = json.loads(self.socket.receive())
        page = self.pages.get(message.get("sessionId"))
        if page and "method" in message:
            page.event(message["method"], message["params"])
        return message

    def open(self, file, scripts=True, dark=False, width=1200, height=900):
        page = Page(self, "file://" + os.path.abspath(file))
        page.call("Emulation.setScriptExecutionDisabled", {"value": not scripts})
        page.call("Emulation.setEmulatedMedia", {"features": [
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]})
        page.call("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})
        failure = page.call("Page.navigate", {"url": page.url}).get("errorText")
        if failure:
            raise FileNotFoundError(f"{file}: {failure}")
        while not page.loaded:
            self.receive()
        return page
