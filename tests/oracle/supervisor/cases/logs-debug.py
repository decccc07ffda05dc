"""loglevel debug copies what programs say."""
config("""
[supervisord]
loglevel=debug
[program:a]
command=/bin/sh -c 'echo out; sleep 0.5; printf "err ü \\377\\n" >&2; exec cat'
stdout_logfile={dir}/a.log
stderr_logfile=NONE
""")
start()
wait("a", "RUNNING")
sleep(0.5)
call("stopProcess", "a")
end("TERM")
# Its own workings are the original's own matter.
lines = [line for line in (dir / "main.log").read_text(errors="backslashreplace").split("\n2") if "output" in line]
say(*(line.partition(" DEBG ")[2] for line in lines))
