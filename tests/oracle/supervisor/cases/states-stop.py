"""Signals that stop; who does not stop is killed; its group, or itself alone."""
text = ""
for name in ["TERM", "HUP", "INT", "QUIT", "KILL", "USR1", "USR2", "15", "SIGTERM", "term"]:
    text += f"[program:by-{name}]\ncommand=/bin/sleep 1000\nstopsignal={name}\n"
config(text + """
[program:deaf]
command=/bin/sh -c 'trap "" TERM; while :; do sleep 0.1; done'
stopwaitsecs=2
[program:atonce]
command=/bin/sh -c 'trap "" TERM; while :; do sleep 0.1; done'
stopwaitsecs=1
[program:polite]
command=/bin/sh -c 'trap "exit 3" TERM; while :; do sleep 0.1; done'
[program:expected]
command=/bin/sh -c 'trap "exit 0" TERM; while :; do sleep 0.1; done'
[program:usr]
command=/bin/sh -c 'trap "" USR1; while :; do sleep 0.1; done'
stopsignal=USR1
stopwaitsecs=1
[program:alone]
command={children}/family.sh {dir}/alone
[program:group]
command={children}/family.sh {dir}/group
stopasgroup=true
[program:deafalone]
command={children}/family.sh {dir}/deafalone deaf
stopwaitsecs=1
[program:deafgroup]
command={children}/family.sh {dir}/deafgroup deaf
killasgroup=true
stopwaitsecs=1
[program:starting]
command=/bin/sleep 1000
startsecs=1000
""")
start()
for row in quiet("getAllProcessInfo"):
    if row["name"] != "starting":
        wait(row["name"], "RUNNING")
for name in ["alone", "group", "deafalone", "deafgroup"]:
    wait_file(name, "is there", 2)
for row in quiet("getAllProcessInfo"):
    call("stopProcess", row["name"], False)
for row in quiet("getAllProcessInfo"):
    wait(row["name"], "STOPPED")
brief()
sleep(0.5)
import subprocess
for name in ["alone", "group", "deafalone", "deafgroup"]:
    left = subprocess.run(["pgrep", "-f", f"{dir}/{name}>|{dir}/{name}( |$)|>>{dir}/{name};"], capture_output=True, text=True).stdout.split()
    show(name, ordered=False)
    say(f"   {len(left)} processes left")
call("startProcess", "deaf")
call("stopProcess", "deaf")
call("startProcess", "polite")
end("TERM")
log()
