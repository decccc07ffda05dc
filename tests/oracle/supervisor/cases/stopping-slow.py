"""A program that does not stop: what is said meanwhile."""
config("""
[program:deaf]
command=/bin/sh -c 'trap "" TERM; while :; do sleep 0.1; done'
stopwaitsecs=5
[program:good]
command=/bin/cat
""")
start()
wait("deaf", "RUNNING")
wait("good", "RUNNING")
call("stopProcess", "deaf")
lines = (dir / "main.log").read_text().splitlines()
say(f"told while it waits: {1 <= sum('waiting for deaf to stop' in line for line in lines) <= 4}")
call("startProcess", "deaf")
end("TERM")
lines = (dir / "main.log").read_text().splitlines()
say(f"told while it waits: {1 <= sum(line.endswith('waiting for deaf to die') for line in lines) <= 4}")
log()
