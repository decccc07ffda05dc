"""HTTP spoken by hand: what http.client would put right is what is looked at."""

import base64
import socket
import time

# The headers that a client acts upon.
TOLD = ["content-type", "connection", "transfer-encoding", "www-authenticate", "location", "content-encoding"]


def connect(address, timeout=20):
    """Connects to the path of a socket, or to a port of this machine."""
    if isinstance(address, int):
        return socket.create_connection(("127.0.0.1", address), timeout)
    link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    link.settimeout(timeout)
    link.connect(address)
    return link


def basic(credentials):
    return "Basic " + base64.b64encode(credentials.encode()).decode()


def request(method, path, headers=(), body=b"", version="1.1"):
    """The bytes of a request; a length is told where there is a body."""
    lines = [f"{method} {path} HTTP/{version}", "Host: localhost"]
    lines += [f"{name}: {value}" for name, value in dict(headers).items()]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def call(method, *values):
    """The body of an XML-RPC call."""
    import xmlrpc.client

    return xmlrpc.client.dumps(tuple(values), method).encode()


class Replies:
    """Reads replies from a connection, one after another."""

    def __init__(self, link):
        self.link, self.seen, self.is_closed = link, b"", False

    def more(self, seconds):
        self.link.settimeout(max(seconds, 0.01))
        try:
            data = self.link.recv(65536)
        except (socket.timeout, TimeoutError):
            return False
        except OSError:
            data = b""
        if not data:
            self.is_closed = True
            return False
        self.seen += data
        return True

    def until(self, ready, seconds):
        """Reads until `ready` finds what it looks for; whether it did."""
        end = time.monotonic() + seconds
        while not ready():
            if self.is_closed or not self.more(end - time.monotonic()) and time.monotonic() >= end:
                return ready()
        return True

    def next(self, seconds=20, stream=0.0):
        """The next reply: status line, headers, body. A chunked body that goes on is read for `stream` seconds."""
        if not self.until(lambda: b"\r\n\r\n" in self.seen, seconds):
            rest, self.seen = self.seen, b""
            return rest.decode(errors="replace") or None, {}, b""
        head, _, self.seen = self.seen.partition(b"\r\n\r\n")
        status, *lines = head.decode(errors="replace").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        if headers.get("transfer-encoding") == "chunked":
            return status, headers, self.chunks(stream or seconds)
        if "content-length" in headers:
            length = int(headers["content-length"])
            self.until(lambda: len(self.seen) >= length, seconds)
            body, self.seen = self.seen[:length], self.seen[length:]
            return status, headers, body
        # Up to the end of the connection, or of patience.
        self.until(lambda: False, stream or 3)
        body, self.seen = self.seen, b""
        return status, headers, body

    def chunks(self, seconds):
        body, end = b"", time.monotonic() + seconds
        while True:
            if not self.until(lambda: b"\r\n" in self.seen, end - time.monotonic()):
                return body
            size, _, rest = self.seen.partition(b"\r\n")
            length = int(size, 16)
            if not self.until(lambda: len(self.seen) >= len(size) + length + 4, end - time.monotonic()):
                return body
            rest = self.seen[len(size) + 2 :]
            body, self.seen = body + rest[:length], rest[length + 2 :]
            if length == 0:
                return body
