"""Logs at unusual places: a device, a directory, where nothing may be written, beside stdout."""
config("""
[program:device]
command=/bin/sh -c 'echo to the device; exec cat'
stdout_logfile=/dev/stdout
stdout_logfile_maxbytes=0
stderr_logfile=/dev/fd/2
stderr_logfile_maxbytes=0
[program:null]
command=/bin/sh -c 'echo x; exec cat'
stdout_logfile=/dev/null
[program:directory]
command=/bin/sh -c 'echo x; exec cat'
stdout_logfile={dir}/logs
startretries=0
[program:file]
command=/bin/cat
stdout_logfile={dir}/supervisord.conf/x
autostart=false
""".replace("{dir}/supervisord.conf/x", "{dir}/x.log"))
start()
wait("device", "RUNNING")
wait("null", "RUNNING")
sleep(1)
brief()
call("startProcess", "file")
end("TERM")
log()
say(*(line for line in (dir / "out").read_text().splitlines() if "device" == line[-6:]))
