"""More events than the buffer holds while nobody is ready: the oldest go."""
config("""
[eventlistener:ear]
command=/bin/sh -c 'while [ ! -e {dir}/go ]; do sleep 0.1; done; exec {python} {children}/ear.py {dir}/ear.events'
events=REMOTE_COMMUNICATION
buffer_size=3
""")
start()
wait("ear", "RUNNING")
for number in range(6):
    call("sendRemoteCommEvent", "n", str(number))
file("go", "")
wait_file("ear.events", "n", 3)
wait_file("ear.events", "type:n", 3)
sleep(1.2)
heard()
end("TERM")
log()
