# slow
"""startProcess in every situation, waiting and not."""
config("""
[program:good]
command=/bin/sleep 1000
autostart=false
[program:atonce]
command=/bin/sleep 1000
startsecs=0
autostart=false
[program:fails]
command=/bin/sh -c "sleep 0.5; exit 1"
autostart=false
startretries=1
startsecs=3
[program:once]
command=/bin/sh -c "exit 0"
autostart=false
startsecs=0
autorestart=false
[program:missing]
command=/no/such/program
autostart=false
startretries=0
startsecs=3
[program:relative]
command=no-such-program
autostart=false
startretries=0
startsecs=3
[program:directory]
command=/tmp
autostart=false
startretries=0
startsecs=3
[program:plain]
command={dir}/supervisord.conf
autostart=false
startretries=0
startsecs=3
[program:quotes]
command=sh -c 'x
autostart=false
startretries=0
startsecs=3
[program:empty]
command=""
autostart=false
startretries=0
startsecs=3
[program:many]
command=/bin/cat
process_name=%(process_num)d
numprocs=2
autostart=false
[program:chdir]
command=/bin/cat
directory=/no/such/directory
autostart=false
startretries=0
startsecs=3
stderr_logfile={dir}/chdir.err
[program:format]
command={dir}/format
autostart=false
startretries=0
startsecs=3
stderr_logfile={dir}/format.err
[program:script]
command={dir}/script
autostart=false
startretries=0
startsecs=3
stderr_logfile={dir}/script.err
""")
file("format", "no program", 0o755)
file("script", "#!/no/such/interpreter\n", 0o755)
start()
call("startProcess", "good")
call("startProcess", "good")
call("startProcess", "good:good", False)
call("stopProcess", "good", False)
wait("good", "STOPPED")
call("startProcess", "good", False)
call("startProcess", "good", False)
# A signal that comes before the child's exec is lost: Python's own handlers are still there.
sleep(0.5)
call("stopProcess", "good")
call("stopProcess", "good")
call("startProcess", "atonce")
call("startProcess", "atonce")
call("startProcess", "fails", False)
wait("fails", "BACKOFF")
call("startProcess", "fails")
call("startProcess", "fails", False)
wait("fails", "FATAL")
info("fails", "statename", "spawnerr", "exitstatus", "description", "pid")
call("startProcess", "fails")
call("stopProcess", "fails")
info("fails", "statename", "spawnerr", "exitstatus", "description", "pid")
call("stopProcess", "fails")
call("startProcess", "once", False)
wait("once", "EXITED")
call("startProcess", "once", False)
wait("once", "EXITED")
call("stopProcess", "once")
for name in ["missing", "relative", "directory", "plain", "quotes", "empty", "chdir", "format", "script"]:
    call("startProcess", name)
    wait(name, "FATAL", "STOPPED")
    info(name, "statename", "spawnerr", "exitstatus", "description", "pid")
    # The others may have ended before this is answered, or not.
    if name not in ("chdir", "format", "script"):
        call("startProcess", name, False)
for name in ["many", "many:0", "many:*", "many:2", "nothing", "nothing:*", "good:*", "", "*", ":", "a:b:c"]:
    call("startProcess", name)
brief()
end("TERM")
for name in ["chdir.err", "format.err", "script.err"]:
    show(name)
log()
