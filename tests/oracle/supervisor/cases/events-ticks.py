"""The clock's events: TICK_5 at full five seconds."""
config("""
[eventlistener:ear]
command={python} {children}/ear.py {dir}/ear.events
events=TICK
startsecs=0
""")
start()
wait_file("ear.events", "TICK_5", 2)
lines = [line for line in (dir / "ear.events").read_text().splitlines() if "TICK_5 " in line]
times = [int(line.split("when:")[1]) for line in lines]
say(*(line.partition("eventname")[2] for line in lines[:2]))
say(f"full fives: {all(when % 5 == 0 for when in times)}, five apart: {times[1] - times[0] == 5}")
end("TERM")
