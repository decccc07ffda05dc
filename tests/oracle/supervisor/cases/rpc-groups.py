"""Groups and all processes: started, stopped, signalled, in the order of their priorities."""
config("""
[supervisord]
loglevel=info
[program:late]
command=/bin/cat
priority=20
startsecs=0
autostart=false
[program:early]
command=/bin/cat
priority=1
startsecs=0
autostart=false
[program:same]
command=/bin/cat
priority=20
startsecs=0
autostart=false
[program:slow]
command=/bin/cat
startsecs=1
autostart=false
[program:b]
command=/bin/cat
priority=2
startsecs=0
autostart=false
[program:a]
command=/bin/cat
priority=3
startsecs=0
autostart=false
[program:bad]
command=/bin/sh -c "sleep 0.5; exit 1"
priority=4
startretries=0
startsecs=3
autostart=false
[program:gone]
command=/no/such
priority=5
startretries=0
startsecs=3
autostart=false
[group:g]
programs=a,b,bad,gone
priority=10
""")
start()
call("startProcessGroup", "g")
call("startProcessGroup", "g", False)
wait("g:bad", "FATAL")
call("startProcessGroup", "nothing")
call("startProcessGroup", "g:*")
call("startProcess", "g:*")
call("signalProcessGroup", "g", "CONT")
call("signalProcess", "g:*", "CONT")
call("stopProcessGroup", "g")
call("stopProcessGroup", "g")
call("stopProcessGroup", "nothing")
call("startProcess", "g:a")
call("stopProcess", "g:*")
call("stopProcess", "g:*", False)
call("startProcess", "a")
call("startProcess", "late:late")
call("stopProcess", "late")
call("startAllProcesses", False)
wait("slow", "RUNNING")
wait("g:bad", "FATAL")
call("startAllProcesses")
call("signalAllProcesses", "CONT")
call("signalAllProcesses", "NONSENSE")
call("stopAllProcesses", False)
wait("slow", "STOPPED")
wait("late", "STOPPED")
wait("g:a", "STOPPED")
call("startAllProcesses")
call("stopAllProcesses")
call("stopAllProcesses")
call("startProcessGroup", "late", "no boolean")
end("TERM")
# How often the bad one is tried depends on when it is looked at.
say(*(line.split(",")[1][4:].split(" with")[0] for line in (dir / "main.log").read_text().splitlines() if "spawned:" in line and "'bad'" not in line))
