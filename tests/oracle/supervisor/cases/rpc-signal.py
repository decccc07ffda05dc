"""signalProcess and its relatives; a signal that ends a process."""
config("""
[program:a]
command=/bin/sh -c 'trap "echo got USR1" USR1; trap "echo got HUP" HUP; while :; do sleep 0.1; done'
stdout_logfile={dir}/a.log
[program:stopped]
command=/bin/cat
autostart=false
[program:dies]
command=/bin/sleep 1000
autorestart=false
[program:starting]
command=/bin/sleep 1000
startsecs=1000
[program:deaf]
command=/bin/sh -c 'trap "" TERM; while :; do sleep 0.1; done'
stopwaitsecs=5
""")
start()
for name in ["a", "dies", "deaf"]:
    wait(name, "RUNNING")
call("signalProcess", "a", "USR1")
wait_file("a.log", "USR1")
call("signalProcess", "a", "SIGHUP")
wait_file("a.log", "HUP")
call("signalProcess", "a", 10)
wait_file("a.log", "USR1", 2)
call("signalProcess", "a", "10")
wait_file("a.log", "USR1", 3)
call("signalProcess", "a", "usr1")
wait_file("a.log", "USR1", 4)
for name in ["NONSENSE", "", "0", "-1", "99999", "SIG", "SIGUSR3", "65", " HUP", "HUP ", "1.0"]:
    call("signalProcess", "a", name)
for name in ["stopped", "nothing", "nothing:*", "a:b", "", "starting"]:
    call("signalProcess", name, "CONT")
wait_file("a.log", "HUP", 2)
sleep(0.5)
call("signalProcess", "a")
call("signalProcessGroup", "a", "CONT")
call("signalProcessGroup", "stopped", "CONT")
call("signalProcessGroup", "nothing", "CONT")
call("signalProcessGroup", "a", "NONSENSE")
call("signalProcess", "dies", "KILL")
wait("dies", "EXITED")
info("dies", "statename", "spawnerr", "exitstatus", "pid")
call("stopProcess", "deaf", False)
wait("deaf", "STOPPING")
call("signalProcess", "deaf", "CONT")
call("startProcess", "deaf", False)
call("stopProcess", "deaf", False)
call("signalProcess", "deaf", "KILL")
wait("deaf", "STOPPED")
info("deaf", "statename", "spawnerr", "exitstatus", "pid")
end("TERM")
show("a.log")
log()
