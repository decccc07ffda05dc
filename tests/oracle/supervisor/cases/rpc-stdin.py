"""sendProcessStdin, sendRemoteCommEvent."""
config("""
[program:cat]
command=/bin/cat
stdout_logfile={dir}/cat.log
[program:closed]
command=/bin/sh -c 'exec <&-; exec sleep 1000'
[program:stopped]
command=/bin/cat
autostart=false
[eventlistener:ear]
command={python} {children}/ear.py {dir}/ear.events
events=REMOTE_COMMUNICATION
""")
start()
for name in ["cat", "closed", "ear"]:
    wait(name, "RUNNING")
call("sendProcessStdin", "cat", "line\n")
call("sendProcessStdin", "cat", "ünïcode ✓\n")
call("sendProcessStdin", "cat", "")
call("sendProcessStdin", "cat", 5)
call("sendProcessStdin", "cat", True)
call("sendProcessStdin", "cat:cat", "<&>\"'\x7f\n")
wait_file("cat.log", "\x7f")
call("sendProcessStdin", "cat", "x" * 200000 + "\n")
wait_file("cat.log", "x\n")
call("sendProcessStdin", "stopped", "x")
call("sendProcessStdin", "nothing", "x")
call("sendProcessStdin", "cat:*", "x")
call("sendProcessStdin", "cat")
call("sendProcessStdin", "closed", "x\n")
call("sendProcessStdin", "closed", "x\n")
call("sendRemoteCommEvent", "type", "data\nwith lines")
call("sendRemoteCommEvent", "ünï", "✓")
call("sendRemoteCommEvent", "", "")
call("sendRemoteCommEvent", 1, 2)
call("sendRemoteCommEvent", "a:b c", "<x>")
call("sendRemoteCommEvent", "type")
wait_file("ear.events", "REMOTE", 4)
sleep(1.2)
heard()
say(len((dir / "cat.log").read_bytes()))
end("TERM")
log()
