"""superlance's httpok asks a server, and starts a program again when it does not answer well."""
file("sendmail", "#!/bin/sh\ncat >>{dir}/mails.$1\n", 0o755)
import http.server, threading
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if "good" in self.path else 500)
        self.end_headers()
    def log_message(self, *_):
        pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
threading.Thread(target=server.serve_forever, daemon=True).start()
web = server.server_address[1]
hide(web, "WEB")
config(f"""
[program:good]
command=/bin/sleep 1000
[program:bad]
command=/bin/sleep 1000
[program:small]
command=/bin/sleep 1000
[eventlistener:httpgood]
command={{venv}}/bin/httpok -p good -m me@example.com -s "{{dir}}/sendmail good" http://127.0.0.1:{web}/good
events=TICK_5
startsecs=0
[eventlistener:httpbad]
command={{venv}}/bin/httpok -p bad -m me@example.com -s "{{dir}}/sendmail bad" http://127.0.0.1:{web}/bad
events=TICK_5
startsecs=0
autostart=false
stderr_logfile={{dir}}/httpbad.err
""")
start()
for name in ["good", "bad", "small"]:
    wait(name, "RUNNING")
before = {row["name"]: row["pid"] for row in quiet("getAllProcessInfo")}
call("startProcess", "httpbad")
wait_file("mails.bad", "restarted")
until(lambda: quiet("getProcessInfo", "bad")["pid"] not in (0, before["bad"]), "bad runs again")
after = {row["name"]: row["pid"] for row in quiet("getAllProcessInfo")}
say(f"good goes on: {before['good'] == after['good']}, small goes on: {before['small'] == after['small']}, bad is new: {before['bad'] != after['bad']}")
say((dir / "mails.good").exists())
text = (dir / "mails.bad").read_text().split("To: ")[1]
import re
say(*(re.sub(r"\d\d:\d\d:\d\d", "TIME", line) for line in text.splitlines()))
say(*sorted(set(line.split(" at ")[0] for line in (dir / "httpbad.err").read_text().splitlines()))[:6])
end("TERM")
