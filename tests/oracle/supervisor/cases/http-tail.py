# slow
"""/logtail and /mainlogtail: what was said last, and what is said from now on; across rotation and clearing."""
config("""
[program:a]
command=/bin/sh -c 'for i in $(seq 300); do echo line $i; done; echo to stderr >&2; exec cat'
stdout_logfile={dir}/a.log
stdout_logfile_maxbytes=0
stderr_logfile={dir}/a.err
[program:none]
command=/bin/cat
stdout_logfile=NONE
[program:unborn]
command=/bin/cat
autostart=false
stdout_logfile={dir}/unborn.log
[group:g]
programs=none
""")
start()
wait("a", "RUNNING")
for path in ["/logtail/a", "/logtail/a/stdout", "/logtail/a/stderr", "/logtail/a:a", "/logtail/%61"]:
    http("GET", path, stream=0.7)
http("HEAD", "/logtail/a", shown=False)
http("POST", "/logtail/a", {}, "x")
for path in ["/logtail/nothing", "/logtail/a/nothing", "/logtail/g:none", "/logtail/none", "/logtail/unborn", "/logtail/", "/logtail/a/b/c", "/logtail/g:*"]:
    http("GET", path, shown=False)
http("GET", "/mainlogtail", stream=0.7, shown=False)
import threading, wire
def later():
    quiet("sendProcessStdin", "a", "more\n")
    sleep(2.5)
    quiet("clearProcessLogs", "a")
    quiet("sendProcessStdin", "a", "after\n")
link = wire.connect(str(dir / "s.sock"))
link.sendall(wire.request("GET", "/logtail/a"))
reader = wire.Replies(link)
reader.until(lambda: b"line 300" in reader.seen, 5)
later()
reader.until(lambda: b"after" in reader.seen, 5)
text = reader.seen.partition(b"\r\n\r\n")[2].decode()
say([line for line in text.split("\r\n") if line and len(line) < 60])
ctl("tail", "a")
ctl("tail", "-20", "a", "stderr")
end("TERM")
