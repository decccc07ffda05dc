"""The serials of a quiet daemon, from its first event to its last; a pool of several listeners."""
config("""
[program:a]
command=/bin/cat
autostart=false
startsecs=0
[eventlistener:ear]
command=/bin/sh -c 'exec {python} {children}/ear.py {dir}/$SUPERVISOR_PROCESS_NAME.events'
process_name=%(program_name)s%(process_num)d
numprocs=2
events=PROCESS_STATE,REMOTE_COMMUNICATION
buffer_size=100
startsecs=0
""")
start()
until(lambda: any(b"processname" in path.read_bytes() for path in dir.glob("ear?.events")), "an event")
sleep(2)
for number in range(6):
    call("sendRemoteCommEvent", "n", str(number))
    sleep(1.2)
text = "".join(path.read_text() for path in dir.glob("ear?.events"))
say(*sorted(line.partition("eventname")[2] for line in text.splitlines() if "REMOTE" in line))
say(f"pools heard each once: {sorted(int(line.split('poolserial:')[1].split(' ')[0]) for line in text.splitlines()) == list(range(len(text.splitlines())))}")
end("TERM")
log()
