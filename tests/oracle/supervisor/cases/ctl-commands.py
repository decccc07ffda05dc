# slow
"""The stock supervisorctl, every command: what it prints, and its exit codes."""
config("""
[program:a]
command=/bin/sh -c 'echo hello from a; echo err >&2; exec cat'
[program:b]
command=/bin/cat
autostart=false
[program:bad]
command=/no/such
autostart=false
[program:early]
command=/bin/false
autostart=false
startsecs=3
startretries=0
[program:many]
command=/bin/cat
process_name=%(program_name)s_%(process_num)d
numprocs=2
[program:deaf]
command=/bin/sh -c 'trap "" TERM; while :; do sleep 0.1; done'
stopwaitsecs=2
autostart=false
[program:nolog]
command=/bin/cat
stdout_logfile=NONE
autostart=false
""")
start()
for name in ["a", "many:many_0", "many:many_1"]:
    wait(name, "RUNNING")
for words in [
    "status", "status a", "status b", "status a b", "status many:*", "status many", "status nothing", "status nothing:*", "status a nothing", "status all",
    "pid", "pid a", "pid b", "pid all", "pid nothing", "pid many:many_0 a", "version", "avail",
    "start b", "start b", "start bad", "start early", "start nothing", "start nothing:*", "start", "start many:*", "start a b",
    "stop b", "stop b", "stop nothing", "stop", "stop nothing:*", "stop many:*", "start many:*", "stop a many:many_0", "start a", "start all", "restart a", "restart b many:*", "restart nothing", "restart", "restart bad",
    "signal HUP", "signal", "signal NONE a", "signal CONT a", "signal CONT nothing", "signal CONT many:*", "signal CONT all", "signal CONT nothing:*",
    "tail a", "tail -5 a", "tail a stderr", "tail a stdout", "tail a nonsense", "tail nothing", "tail", "tail nolog", "tail -x a", "tail a b c d", "tail many:*", "tail -f", "maintail -5", "maintail x", "maintail -x",
    "clear a", "clear nothing", "clear", "clear all", "clear a many:many_0", "reread", "reread x", "update", "add", "add nothing", "remove", "remove a", "remove nothing",
    "nonsense", "help", "help start", "help status", "help nonsense", "open", "open x", "fg", "fg nothing", "stop b", "fg b", "fg a b", "quit", "exit", "shutdown x", "reload x", "version x", "pid -x", "avail x", "EOF",
    "start deaf", "stop deaf", "stop all", "status",
]:
    ctl(*words.split())
for name in "status start stop restart signal tail maintail clear reread update add remove pid version avail shutdown reload fg open quit exit help".split():
    ctl("help", name)
ctl("shutdown")
end()
ctl("status")
ctl("start", "a")
ctl("version")
log()
