"""What a program is given: environment, directory, umask, descriptors, signals, limits, user."""
config("""
[supervisord]
environment=GLOBAL="g",SHARED='global, with a comma',HERE="%(here)s"
minfds=600
[program:dump]
command={python} -E -s {children}/dump.py a "b c" 'd"e' f\\ g %(ENV_GIVEN)s %%s %(program_name)s-%(process_num)d %(group_name)s %(ENV_GLOBAL)s $HOME ~ "" x#y
stdout_logfile={dir}/dump.out
stderr_logfile={dir}/dump.err
environment=OWN="1",SHARED="own",HOST="%(host_node_name)s",EMPTY="",SPACED = 5 , URL=http://x/y:1
directory={dir}/logs
umask=027
[program:plain]
command={python} -E -s {children}/dump.py
stdout_logfile={dir}/plain.out
stderr_logfile={dir}/plain.err
[program:user]
command=/bin/sh -c 'id; umask; pwd; env | sort; cat /proc/self/limits | grep files; exec sleep 1000'
stdout_logfile={dir}/user.out
stderr_logfile={dir}/user.err
user=daemon
[program:signals]
command=/bin/grep Sig[BI] /proc/self/status
stdout_logfile={dir}/signals.out
startsecs=0
autorestart=false
[program:url]
command=/usr/bin/env
stdout_logfile={dir}/url.out
serverurl=http://some:1/where
startsecs=0
autorestart=false
[program:path]
command=only-here
environment=PATH="{dir}/bin"
stdout_logfile={dir}/path.out
startsecs=0
autorestart=false
[program:redirected]
command=/bin/sh -c 'readlink /proc/self/fd/1 /proc/self/fd/2 | sed s/[0-9]//g; [ /proc/self/fd/1 -ef /proc/self/fd/2 ] && echo same'
redirect_stderr=true
stdout_logfile={dir}/redirected.out
startsecs=0
autorestart=false
[program:uid]
command=/usr/bin/id
user=1
stdout_logfile={dir}/uid.out
startsecs=0
autorestart=false
""")
file("bin/only-here", "#!/bin/sh\nPATH=/bin:/usr/bin\nenv; pwd", 0o755)
hide(os.uname().nodename + "'", "HOSTNAME'")
start(env={"GIVEN": "given"})
for name in ["dump", "plain"]:
    wait_file(f"{name}.out", "limit CORE")
wait_file("user.out", "open files")
for name in ["url", "signals", "path", "redirected", "uid"]:
    wait(name, "EXITED")
end("TERM")
for name in ["dump.out", "dump.err", "plain.out", "user.out", "user.err", "redirected.out", "uid.out", "signals.out"]:
    show(name)
show("url.out", ordered=False)
show("path.out", ordered=False)
