"""fcgi-program: a socket that is there before its programs, and goes with the last of them.

The original fails where a socket cannot be made: by an error of the server, or, when it starts, altogether."""
# differs: a socket that cannot be made is a reason to try again later
# - > addProcessGroup('bad')
# - < 500 Internal Server Error
# + > addProcessGroup('bad')
# + < True
config("""
[fcgi-program:f]
command=/bin/sh -c 'readlink /proc/self/fd/0 | sed "s/[0-9].*//"; exec sleep 1000'
socket=unix://%(here)s/f.sock
socket_mode=0750
socket_owner=daemon:daemon
socket_backlog=5
process_name=%(program_name)s%(process_num)d
numprocs=2
stdout_logfile={dir}/%(program_name)s%(process_num)d.log
[fcgi-program:tcp]
command=/bin/sleep 1000
socket=tcp://localhost:{port}
""")
import socket, stat
start()
wait("f:f0", "RUNNING")
wait("f:f1", "RUNNING")
wait("tcp", "RUNNING")
status = os.stat(dir / "f.sock")
say(stat.filemode(status.st_mode), status.st_uid, status.st_gid)
socket.create_connection(("localhost", int(fill("{port}"))), 3).close()
say("somebody listens")
call("getAllConfigInfo", fields=["name", "command", "group"])
call("stopProcess", "f:f0")
say((dir / "f.sock").exists())
call("stopProcess", "f:f1")
say((dir / "f.sock").exists())
call("startProcess", "f:f0")
say((dir / "f.sock").exists())
show("f0.log")
call("sendProcessStdin", "f:f0", "x")
# A socket that cannot be made.
with open(dir / "supervisord.conf", "a") as file:
    file.write("[fcgi-program:bad]\ncommand=/bin/sleep 1000\nsocket=unix:///no/such/dir/x.sock\n")
call("reloadConfig")
call("addProcessGroup", "bad")
try:
    quiet("stopProcess", "bad")
    quiet("removeProcessGroup", "bad")
except Exception:
    pass
end("TERM")
say((dir / "f.sock").exists())
# When sockets are made and closed is told otherwise: the original makes each once before it starts.
for name in ["f0", "f1"]:
    log(only=name)
