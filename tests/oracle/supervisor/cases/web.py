"""The status page: what its actions answer, and what its rows say."""
# differs: what cannot be done is answered, and no trouble of the daemon's
# -    ERRO Web interface error:Traceback (most recent call last):
import re, wire
config("""
[program:a]
command=/bin/sh -c 'for i in $(seq 5); do echo "line <$i> &"; done; exec cat'
[program:stopped]
command=/bin/cat
autostart=false
[program:bad]
command=/no/such
autostart=false
[program:early]
command=/bin/false
autostart=false
startsecs=3
startretries=0
[program:g1]
command=/bin/cat
[group:g]
programs=g1
""")
start()
wait("a", "RUNNING")
wait("g:g1", "RUNNING")
def page(path, shown=True, method="GET"):
    say(f"> {method} {path}")
    with wire.connect(str(dir / "s.sock")) as link:
        link.sendall(wire.request(method, path))
        status, headers, body = wire.Replies(link).next()
    say(f"< {status}", *(f"<   {name}: {headers[name]}" for name in ["location", "content-type"] if name in headers))
    text = body.decode()
    return text if status and "200" in status else ""
def rows(text):
    # Its looks are our own; what can be done there, and what is said of each process, is not.
    links = set(re.findall(r'href="((?:index|tail|logtail)[^"]*)"', text))
    say(*sorted("   link " + link for link in links))
    bare = " ".join(re.sub(r"<[^>]*>", " ", re.sub(r"<(script|style).*?</\1>", "", text, flags=re.S)).split())
    words = ["running", "stopped", "Not started", "pid PID, uptime TIME", "Refresh", "Restart All", "Stop All", "Clear Log", "line &lt;5> &amp;", "line &lt;1> &amp;", "ERROR", "No process name found"]
    # Either way it is the same text.
    bare = bare.replace("&gt;", ">")
    say(*(f"   {word!r} {masked(bare).count(word)} times" for word in words))
rows(page("/"))
rows(page("/index.html"))
say("hello &lt;b" in page("/?message=hello%20%3Cb%3E"))
for path in [
    "/index.html?action=refresh", "/index.html?action=stop&processname=a", "/index.html?action=stop&processname=a", "/index.html?action=start&processname=a",
    "/index.html?action=start&processname=a", "/index.html?action=restart&processname=a", "/index.html?action=restart&processname=stopped",
    "/index.html?action=clearlog&processname=a", "/index.html?action=start&processname=bad", "/index.html?action=start&processname=early",
    "/index.html?action=start&processname=nothing", "/index.html?action=stop&processname=nothing", "/index.html?action=restart&processname=nothing", "/index.html?action=clearlog&processname=nothing",
    "/index.html?action=start&processname=g:g1", "/index.html?action=stop&processname=g:g1", "/index.html?action=start&processname=g:*",
    "/index.html?action=nonsense&processname=a", "/index.html?action=start", "/index.html?action=stopall", "/index.html?action=restartall", "/?action=refresh",
    "/index.html?processname=a", "/index.html?action=start&processname=%C3%A4",
]:
    text = page(path)
    say(*("   " + line.strip() for line in text.splitlines() if "statusmessage" in line))
for path in ["/tail.html?processname=a", "/tail.html?processname=a&limit=20", "/tail.html?processname=nothing", "/tail.html", "/tail.html?processname=a&limit=x", "/tail.html?processname=a&limit=-1", "/tail.html?processname=g:*"]:
    rows(page(path))
page("/", method="HEAD")
page("/index.html?action=refresh", method="POST")
end("TERM")
log()
