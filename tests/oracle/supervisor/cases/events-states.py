# slow
"""What a listener hears of processes, groups and the daemon."""
config("""
[supervisord]
identifier=me
[program:good]
command=/bin/sleep 1000
autostart=false
[program:bad]
command=/bin/false
autostart=false
startsecs=3
startretries=1
[program:gone]
command=/no/such
autostart=false
startretries=0
[program:once]
command=/bin/sh -c 'read x; exit 3'
autostart=false
startsecs=0
autorestart=false
[program:twice]
command=/bin/sh -c 'read x; exit 0'
autostart=false
startsecs=0
autorestart=false
[eventlistener:ear]
command={python} {children}/ear.py {dir}/ear.events
events=EVENT
buffer_size=100
startsecs=0
[eventlistener:some]
command={python} {children}/ear.py {dir}/some.events
events=process_state_fatal, PROCESS_STATE_EXITED
startsecs=0
""")
# The listeners start with the daemon, each in its own time: what they hear of each other is chance.
start()
sleep(2.5)
known = (dir / "ear.events").read_bytes() if (dir / "ear.events").exists() else b""
say("SUPERVISOR_STATE_CHANGE_RUNNING" in known.decode(), "PROCESS_STATE_RUNNING" in known.decode())
call("startProcess", "good")
call("stopProcess", "good")
call("startProcess", "bad")
wait("bad", "FATAL")
call("startProcess", "once")
call("sendProcessStdin", "once", "x\n")
wait("once", "EXITED")
call("startProcess", "twice")
call("sendProcessStdin", "twice", "x\n")
wait("twice", "EXITED")
call("startProcess", "good", False)
sleep(0.5)
call("stopProcess", "good")
call("removeProcessGroup", "good")
call("addProcessGroup", "good")
call("sendRemoteCommEvent", "last", "words")
wait_file("ear.events", "last")
sleep(1.2)
events = [line for line in (dir / "ear.events").read_text().splitlines()]
first = next(number for number, line in enumerate(events) if "processname:good" in line)
serials = [int(line.split("serial:")[1].split(" ")[0]) for line in events]
pools = [int(line.split("poolserial:")[1].split(" ")[0]) for line in events]
say(f"each event of the pool is one further: {pools == list(range(len(pools)))}; of all: {serials == list(range(len(serials)))}")
import re
heard = [re.sub(r"serial:\d+", "serial:N", line) for line in events[first:]]
say(*(line for line in heard if "TICK" not in line and "processname:some" not in line))
say(*(re.sub(r"serial:\d+", "serial:N", line) for line in (dir / "some.events").read_text().splitlines()))
end("TERM")
