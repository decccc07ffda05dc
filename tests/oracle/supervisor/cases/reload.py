"""reloadConfig, addProcessGroup, removeProcessGroup with files that changed, by hand and by `update`."""
before = """
[include]
files=conf.d/*.conf  none.d/*.ini
[program:same]
command=/bin/cat
[program:changes]
command=/bin/cat
[program:goes]
command=/bin/cat
[program:member1]
command=/bin/cat
[program:member2]
command=/bin/cat
[group:g]
programs=member1,member2
[eventlistener:ear]
command={python} {children}/ear.py {dir}/ear.events
events=PROCESS_GROUP
buffer_size=30
"""
file("conf.d/b.conf", "[program:included]\ncommand=/bin/cat\nenvironment=FILE=\"%(here)s\"\n")
file("conf.d/a.conf", "[program:included2]\ncommand=/bin/cat\n")
config(before)
start()
names = ["same", "changes", "goes", "included", "g:member1", "ear"]
for name in names:
    wait(name, "RUNNING")
call("reloadConfig")
config(before.replace("[program:changes]\ncommand=/bin/cat", "[program:changes]\ncommand=/bin/cat\nstopwaitsecs=3").replace("[program:goes]\ncommand=/bin/cat\n", "").replace("[program:member2]\ncommand=/bin/cat\n", "[program:member2]\ncommand=/bin/cat\npriority=5\n"))
file("conf.d/c.conf", "[program:comes]\ncommand=/bin/sleep 1000\n")
os.unlink(dir / "conf.d/a.conf")
call("reloadConfig")
call("reloadConfig")
call("addProcessGroup", "comes")
call("addProcessGroup", "comes")
call("addProcessGroup", "nothing")
call("addProcessGroup", "goes")
wait("comes", "RUNNING")
call("removeProcessGroup", "goes")
call("stopProcess", "goes")
call("removeProcessGroup", "goes")
call("removeProcessGroup", "goes")
call("removeProcessGroup", "nothing")
call("getProcessInfo", "goes")
call("startProcess", "goes")
call("getAllConfigInfo", fields=["name", "group", "inuse", "stopwaitsecs", "process_prio", "command"])
ctl("reread")
ctl("avail")
ctl("update")
for name in ["changes", "g:member1", "g:member2"]:
    wait(name, "RUNNING")
ctl("status")
for name in ["changes", "g:member1", "g:member2"]:
    wait(name, "RUNNING")
ctl("update")
# What cannot be read changes nothing.
config(before + "\n[program:broken]\n")
call("reloadConfig")
ctl("reread")
ctl("update")
config("[supervisord\n", base="")
call("reloadConfig")
config(before + "\n[program:x]\ncommand=/bin/cat\nautostart=perhaps\n")
call("reloadConfig")
os.unlink(dir / "supervisord.conf")
call("reloadConfig")
config(before + "\n[program:new]\ncommand=/bin/cat\n[program:new2]\ncommand=/bin/cat\nautostart=false\n")
ctl("update", "new")
ctl("update", "nothing")
ctl("update", "all")
ctl("add", "new")
ctl("remove", "new")
ctl("add", "nothing")
ctl("remove", "nothing")
ctl("stop", "new2")
ctl("remove", "new2")
ctl("add", "new2")
for name in ["g:member1", "g:member2", "goes", "changes"]:
    wait(name, "RUNNING")
brief()
sleep(1.2)
import re
say(*(re.sub(r"serial:\d+", "serial:N", line) for line in (dir / "ear.events").read_text().splitlines()))
end("TERM")
log()
