# slow
"""Listeners that say nothing, refuse, babble, die, are slow; and what becomes of their events."""
names = {"noready": "NOREADY", "fail": "FAIL FAIL OK", "garbage": "GARBAGE", "die": "DIE", "silent": "SILENT", "slow": "SLOW OK", "twice": "TWICE"}
text = ""
for number, (name, answers) in enumerate(names.items()):
    text += f"""
[eventlistener:{name}]
command={{python}} {{children}}/ear.py {{dir}}/{name}.events {answers}
events=REMOTE_COMMUNICATION
buffer_size=2
startsecs=1
# Not alike: the original hands what one listener refused to all whose priority is the same.
priority={number}
autorestart=false
"""
config(text + """
[eventlistener:cat]
command=/bin/cat
events=REMOTE_COMMUNICATION
""")
start()
for name in names:
    wait(name, "RUNNING")
sleep(1)
for number in range(5):
    call("sendRemoteCommEvent", "n", str(number))
    sleep(2.2)
sleep(3)
brief()
import re
for name in names:
    path = dir / f"{name}.events"
    say(f"== {name}", *(re.sub(r" serial:\d+", " serial:N", line) for line in (path.read_text().splitlines() if path.exists() else [])))
end("TERM")
# Which serial an event got depends on which pool took it first.
lines = [line for line in (dir / "main.log").read_text().splitlines() if "waiting for" not in line]
for name in [*names, "cat"]:
    say(f"== log of {name}", *(re.sub(r"event \d+", "event N", line[24:]) for line in lines if f" {name}" in line[24:] or f"'{name}'" in line or f"{name}:" in line))
