"""redirect_stderr, capture mode, strip_ansi; logs that are not files; loglevel debug."""
config("""
[supervisord]
strip_ansi=true
[program:ansi]
command=/bin/sh -c 'printf "\\033[31mred\\033[0m \\033[1;5Hat\\033[2J\\033[Kx \\033]0;title\\007 \\033[?25l\\033[5n end\\n"; exec cat'
stdout_logfile={dir}/ansi.log
[program:capture]
command=/bin/sh -c 'printf "before<!--XSUPERVISOR:BEGIN-->caught ü<!--XSUPERVISOR:END-->behind\\n"; sleep 0.3; printf "split<!--XSUPER"; sleep 0.3; printf "VISOR:BEGIN-->two<!--XSUPERVISOR:E"; sleep 0.3; printf "ND-->end\\n"; printf "<!--XSUPERVISOR:BEGIN-->0123456789abcdefghijklmnopqrstuvwxyz<!--XSUPERVISOR:END-->" >&2; exec cat'
stdout_logfile={dir}/capture.log
stdout_capture_maxbytes=20
stderr_logfile={dir}/capture.err
stderr_capture_maxbytes=20
[program:nocapture]
command=/bin/sh -c 'printf "before<!--XSUPERVISOR:BEGIN-->caught<!--XSUPERVISOR:END-->behind\\n"; exec cat'
stdout_logfile={dir}/nocapture.log
[program:logged]
command=/bin/sh -c 'read x; printf "one\\n"; sleep 0.2; printf "bad \\377 \\303\\274" >&2; exec cat'
stdout_logfile={dir}/logged.log
stderr_logfile={dir}/logged.err
stdout_events_enabled=true
stderr_events_enabled=true
[eventlistener:ear]
command={python} {children}/ear.py {dir}/ear.events
events=PROCESS_COMMUNICATION,PROCESS_LOG
buffer_size=100
[program:merged]
command=/bin/sh -c 'for i in 1 2 3; do echo out $i; echo err $i >&2; done; exec cat'
redirect_stderr=true
stdout_logfile={dir}/merged.log
stderr_logfile={dir}/not-there.log
""")
start()
for name in ["ansi", "capture", "ear"]:
    wait(name, "RUNNING")
call("sendProcessStdin", "logged", "\n")
wait_file("logged.err", "bad")
wait_file("ear.events", "PROCESS_LOG", 2)
wait_file("ear.events", "COMMUNICATION", 3)
# A few bytes might be the beginning of a token: they are kept back until there are more.
show("capture.log")
call("sendProcessStdin", "capture", "a line that is longer than a token is\n")
wait_file("capture.log", "longer")
for name in ["ansi.log", "capture.log", "capture.err", "nocapture.log", "merged.log", "logged.log", "logged.err"]:
    show(name)
lines = sorted((dir / "ear.events").read_text().splitlines(), key=lambda line: line.split("eventname")[1])
import re
say(*(re.sub(r"serial:\d+", "serial:N", line) for line in lines))
end("TERM")
tree("ear.events")
