"""From STARTING to RUNNING; ends just before and behind startsecs."""
config("""
[program:zero]
command=/bin/sleep 1000
startsecs=0
[program:two]
command=/bin/sleep 1000
startsecs=2
[program:short]
command=/bin/sh -c 'sleep 1; exit 0'
startsecs=4
startretries=0
[program:long]
command=/bin/sh -c 'sleep 4; exit 0'
startsecs=2
[program:negative]
command=/bin/sleep 1000
startsecs=-3
""")
start()
wait("two", "RUNNING")
from datetime import datetime
lines = (dir / "main.log").read_text().splitlines()
spawned, success = (next(datetime.fromisoformat(line[:23].replace(",", ".")) for line in lines if text in line) for text in ["spawned: 'two'", "success: two"])
say(f"two ran after 2 to 6 s: {1.5 <= (success - spawned).total_seconds() <= 6}")
wait("short", "FATAL")
wait("long", "EXITED")
brief()
end("TERM")
log()
