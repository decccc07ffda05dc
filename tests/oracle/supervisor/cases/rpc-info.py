"""getProcessInfo, getAllProcessInfo, getAllConfigInfo on processes of every kind and state."""
config("""
[program:running]
command=/bin/sleep 1000
[program:backing]
command=/bin/false
startsecs=3
startretries=100
[program:fatal]
command=/bin/false
startsecs=3
startretries=0
[program:expected]
command=/bin/sh -c "sleep 1.3; exit 3"
exitcodes=3,4
startsecs=1
[program:unexpected]
command=/bin/sh -c "sleep 1.3; exit 5"
autorestart=false
[program:killed]
command=/bin/sh -c "sleep 1.3; kill -KILL $$"
autorestart=false
[program:stopped]
command=/bin/cat
autostart=false
stdout_logfile=NONE
stderr_logfile=off
priority=3
[program:starting]
command=/bin/cat
startsecs=1000
stdout_logfile={dir}/starting.log
stdout_logfile_maxbytes=1KB
stdout_logfile_backups=2
stdout_capture_maxbytes=1MB
stdout_events_enabled=true
redirect_stderr=true
environment=A="1"
directory={dir}
umask=077
serverurl=http://here
stopsignal=HUP
stopasgroup=true
stopwaitsecs=3
user=daemon
[program:many]
command=/bin/cat
process_name=%(program_name)s_%(process_num)02d
numprocs=3
numprocs_start=7
[program:in1]
command=/bin/cat
[program:in2]
command=/bin/cat
[group:both]
programs=in2,in1
priority=5
[program:missing]
command=/no/such/program
[program:directory]
command=/tmp
[program:plain]
command={dir}/supervisord.conf
[program:relative]
command=no-such-program
[program:quotes]
command=sh -c 'x
[program:öä-名]
command=/bin/cat
[eventlistener:ear]
command=/bin/cat
events=TICK_60
buffer_size=3
""")
start()
for name, state in [("running", "RUNNING"), ("fatal", "FATAL"), ("expected", "EXITED"), ("unexpected", "EXITED"), ("killed", "EXITED")]:
    wait(name, state)
until(lambda: quiet("getProcessInfo", "backing")["statename"] == "BACKOFF", "backing")
wait("ear", "RUNNING")
wait("both:in1", "RUNNING")
for row in sorted(quiet("getAllProcessInfo"), key=lambda row: row["name"]):
    # These try again and again: what they are at this moment is chance.
    if row["name"] in ("missing", "directory", "plain", "relative", "quotes", "backing"):
        row.pop("description"), row.pop("state"), row.pop("statename"), row.pop("exitstatus")
        if row["name"] == "backing":
            row.pop("stop"), row.pop("pid"), row.pop("spawnerr"), row.pop("start")
    say(row)
say([row["group"] + ":" + row["name"] for row in quiet("getAllProcessInfo")])
call("getAllConfigInfo")
for name in ["both:in1", "both:in2", "in1", "both", "both:*", "many", "many:many_07", "many:many_7", "", ":", "*", "a:b:c", "öä-名", "öä-名:öä-名", "running:", ":running", "running:*"]:
    call("getProcessInfo", name, fields=["name", "group", "statename"])
end("TERM")
