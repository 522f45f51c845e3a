"""A headless Chromium by the WebDriver protocol of chromedriver, and a server for the page. SPDX-License-Identifier: Apache-2.0"""

import base64
import functools
import http.server
import json
import socket
import subprocess
import tempfile
import threading
import time
import urllib.request


class _Quiet(http.server.SimpleHTTPRequestHandler):
    extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map, ".js": "text/javascript"}

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.server.asked.append(self.path)
        super().do_GET()


def serve(folder):
    """A server on a free port; .asked lists the paths that were got."""
    server = http.server.ThreadingHTTPServer(("localhost", 0), functools.partial(_Quiet, directory=folder))
    server.asked = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def _free_port():
    with socket.socket() as s:
        s.bind(("localhost", 0))
        return s.getsockname()[1]


class Browser:
    """One window. Closed with close(), or as a context manager."""

    def __init__(self, width=1200, height=1000, dark=False, touch=False):
        port = _free_port()
        self._home = tempfile.TemporaryDirectory()
        self._driver = subprocess.Popen(["chromedriver", f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.process = self._driver.pid
        self._base = f"http://localhost:{port}"
        self._session = ""
        flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
                 f"--window-size={width},{height}", f"--user-data-dir={self._home.name}", "--no-first-run",
                 "--disable-background-networking", "--disable-component-update"]
        if dark:
            flags.append("--blink-settings=preferredColorScheme=0")
        options = {"args": flags}
        if touch:
            options["mobileEmulation"] = {"deviceMetrics": {"width": width, "height": height, "pixelRatio": 2, "touch": True}}
        wanted = {"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        for _ in range(100):
            try:
                self._call("GET", "/status")
                break
            except OSError:
                time.sleep(0.1)
        value = self._call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self._session = f"/session/{value['sessionId']}"
        self._call("POST", "/timeouts", {"script": 300000, "pageLoad": 60000})

    def _call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._base + self._session + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=600) as reply:
                return json.load(reply)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(json.load(error)["value"]["message"]) from None

    def open(self, url):
        self._call("POST", "/url", {"url": url})

    def run(self, script, *arguments):
        """The value of an asynchronous function's body; what it throws is raised."""
        wrapped = ("const done = arguments[arguments.length - 1]; const args = [...arguments].slice(0, -1);"
                   f"(async (...args) => {{ {script} }})(...args).then((v) => done([v]), (e) => done(String(e?.stack ?? e)));")
        value = self._call("POST", "/execute/async", {"script": wrapped, "args": list(arguments)})
        if isinstance(value, str):
            raise RuntimeError(value)
        return value[0]

    def wait(self, condition, seconds=60):
        """Until the expression is true."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            value = self.run(f"return {condition};")
            if value:
                return value
            time.sleep(0.05)
        raise RuntimeError(f"after {seconds} s still not: {condition}")

    def _element(self, selector):
        return next(iter(self._call("POST", "/element", {"using": "css selector", "value": selector}).values()))

    def click(self, selector):
        self._call("POST", f"/element/{self._element(selector)}/click", {})

    def type(self, selector, text):
        self._call("POST", f"/element/{self._element(selector)}/value", {"text": text})

    def keys(self, *keys):
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self._call("POST", "/actions", {"actions": [{"type": "key", "id": "keys", "actions": actions}]})

    def drag(self, selector, points, pointer="mouse"):
        """Draws through points, as shares of the element's size."""
        box = self.run("const e = document.querySelector(args[0]); e.scrollIntoView({block: 'center'});"
                       "const b = e.getBoundingClientRect(); return [b.left, b.top, b.width, b.height];", selector)
        places = [(round(box[0] + x * box[2]), round(box[1] + y * box[3])) for x, y in points]
        moves = [{"type": "pointerMove", "duration": 20, "x": x, "y": y} for x, y in places]
        actions = [moves[0], {"type": "pointerDown", "button": 0}, *moves[1:], {"type": "pointerUp", "button": 0}]
        self._call("POST", "/actions", {"actions": [
            {"type": "pointer", "id": pointer, "parameters": {"pointerType": pointer}, "actions": actions}]})

    def complaints(self):
        """What the console has of errors and warnings since the last call."""
        return [entry["message"] for entry in self._call("POST", "/se/log", {"type": "browser"})
                if entry["level"] in ("SEVERE", "WARNING")]

    def picture(self, path):
        with open(path, "wb") as out:
            out.write(base64.b64decode(self._call("GET", "/screenshot")))

    def close(self):
        try:
            if self._session:
                self._call("DELETE", "")
        finally:
            self._driver.terminate()
            self._driver.wait()
            self._home.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
