"""The end by RPC: what is answered meanwhile, in which order programs go."""
text = ""
for name, priority in [("a", 5), ("b", 1), ("c", 999), ("d", 2)]:
    text += f"[program:{name}]\ncommand=/bin/cat\npriority={priority}\n"
config(text + """
[program:slow]
command=/bin/sh -c 'trap "sleep 3; exit 0" TERM; while :; do sleep 0.1; done'
priority=1000
stopwaitsecs=20
[program:backing]
command=/bin/false
startretries=100
startsecs=5
priority=7
[program:x1]
command=/bin/cat
priority=1
[program:x2]
command=/bin/cat
priority=2
autostart=false
[group:g]
programs=x1,x2
priority=20
[eventlistener:ear]
command={python} {children}/ear.py {dir}/ear.events
events=SUPERVISOR_STATE_CHANGE,PROCESS_STATE_STOPPED
buffer_size=100
""")
start()
for name in ["a", "b", "c", "d", "slow", "g:x1", "ear"]:
    wait(name, "RUNNING")
until(lambda: quiet("getProcessInfo", "backing")["statename"] == "BACKOFF", "backing")
call("shutdown")
for method, values in [("getState", []), ("getVersion", []), ("getAllProcessInfo", []), ("startProcess", ["a"]), ("shutdown", []), ("restart", []), ("reloadConfig", []), ("sendRemoteCommEvent", ["a", "b"]), ("system.listMethods", []), ("system.methodSignature", ["supervisor.getState"]), ("system.multicall", [[{"methodName": "supervisor.getState"}]])]:
    call(method, *values)
ctl("status")
ctl("version")
http("GET", "/ok.html")
signal("HUP")
end()
log(by_name=False, only="stopped:")
log(only=" request")
log(only="waiting for")
import re
say(*(re.sub(r"serial:\d+", "serial:N", line) for line in (dir / "ear.events").read_text().splitlines() if "SUPERVISOR" in line))
tree("ear.events", "logs")
ctl("status")
ctl("pid")
ctl("start", "a")
