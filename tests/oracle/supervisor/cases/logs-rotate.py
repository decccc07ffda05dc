"""Logs that grow over their limit, and the files that are left."""
config("""
[supervisord]
logfile_maxbytes=1500
logfile_backups=2
[program:lines]
command=/bin/sh -c 'read x; for i in 1 2 3 4 5 6 7; do printf "%%0100d\\n" $i; sleep 0.3; done; exec sleep 1000'
stdout_logfile={dir}/lines.log
stdout_logfile_maxbytes=200
stdout_logfile_backups=2
startsecs=0
[program:none]
command=/bin/sh -c 'read x; for i in 1 2 3 4 5 6 7; do printf "%%0100d\\n" $i; sleep 0.3; done; exec sleep 1000'
stdout_logfile={dir}/none.log
stdout_logfile_maxbytes=250
stdout_logfile_backups=0
startsecs=0
[program:never]
command=/bin/sh -c 'read x; for i in 1 2 3 4 5 6 7; do printf "%%0100d\\n" $i; done; exec sleep 1000'
stdout_logfile={dir}/never.log
stdout_logfile_maxbytes=0
stdout_logfile_backups=2
startsecs=0
[program:atonce]
command=/bin/sh -c 'read x; dd status=none if=/dev/zero bs=5000 count=1; sleep 1; printf yyyyyyyyyy; exec sleep 1000'
stdout_logfile={dir}/atonce.log
stdout_logfile_maxbytes=1KB
startsecs=0
""")
file("atonce.log", "there before\n")
file("lines.log.2", "old\n")
start()
for name in ["lines", "none", "never", "atonce"]:
    call("sendProcessStdin", name, "\n")
wait_file("lines.log", "7")
wait_file("none.log", "7")
wait_file("never.log", "7")
wait_file("atonce.log", "y")
for name in ["lines", "none", "never", "atonce"]:
    for ending in ["", ".1", ".2", ".3"]:
        if (dir / (name + ".log" + ending)).exists():
            show(name + ".log" + ending) if name != "atonce" else say(name + ending, (dir / (name + ".log" + ending)).stat().st_size)
call("readProcessStdoutLog", "lines", -30, 0)
call("tailProcessStdoutLog", "lines", 0, 50)
call("clearProcessLogs", "lines")
for i in range(12):
    call("signalProcess", "never", "NONE")
    call("stopProcess", "never")
    call("startProcess", "never")
end("TERM")
say(sorted(path.name for path in dir.glob("main.log*")), all(path.stat().st_size <= 1600 for path in dir.glob("main.log*")))
tree("main.log.1", "main.log.2", "logs")
