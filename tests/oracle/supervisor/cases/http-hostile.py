"""Requests that mean harm: a bounded answer, and others are served meanwhile."""
import wire
config("""
[inet_http_server]
port=127.0.0.1:{port}
[program:a]
command=/bin/cat
""")
start()
good = wire.call("supervisor.getVersion")
for text in [
    b"\r\n\r\n", b"x\r\n\r\n", b"GET\r\n\r\n", b"GET /\r\n\r\n", b"GET /ok.html\r\n\r\n", b"GET  /ok.html  HTTP/1.1\r\n\r\n", b"GET /ok.html HTTQ/1.1\r\n\r\n",
    b"get /ok.html http/1.1\r\n\r\n", b"GET http://x/ok.html HTTP/1.1\r\n\r\n", b"\x00\xff\xfe\r\n\r\n",
    b"GET /ok.html HTTP/1.1\r\nno colon\r\n\r\n",
    b"POST /RPC2 HTTP/1.1\r\n\r\n", b"POST /RPC2 HTTP/1.1\r\nContent-Length: x\r\n\r\n", b"POST /RPC2 HTTP/1.1\r\nContent-Length: -5\r\n\r\n", b"POST /RPC2 HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
    b"POST /RPC2 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
]:
    with wire.connect(str(dir / "s.sock")) as link:
        link.sendall(text)
        status = wire.Replies(link).next(2)[0] or ""
    # In which words is the original's own matter.
    say(f"{text!r}: {'answered' if ' 200 ' in status else 'refused'}")
# Two requests at once, and one that comes in pieces.
raw(wire.request("GET", "/ok.html") * 3, replies=3)
raw(wire.request("POST", "/RPC2", {}, good) * 2, replies=2)
raw(wire.request("GET", "/ok.html") + b"garbage that is no request\r\n\r\n", replies=1, patience=3, shown=False, end=False)
with wire.connect(str(dir / "s.sock")) as slow, wire.connect(str(dir / "s.sock")) as huge:
    request = wire.request("POST", "/RPC2", {}, good)
    huge.sendall(b"POST /RPC2 HTTP/1.1\r\nContent-Length: 1000000000\r\n\r\n")
    for byte in request[:-1]:
        slow.sendall(bytes([byte]))
    http("GET", "/ok.html")
    call("getVersion")
    slow.sendall(request[-1:])
    status, headers, body = wire.Replies(slow).next()
    say(status, body.decode())
# Many at once.
links = [wire.connect(str(dir / "s.sock")) for _ in range(200)]
http("GET", "/ok.html")
for link in links:
    link.close()
call("getVersion")
end("TERM")
