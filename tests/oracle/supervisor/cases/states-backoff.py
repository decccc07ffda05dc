"""How long it is waited between tries, and how often it is tried."""
config("""
[program:three]
command=/bin/sh -c 'date +%%s.%%N >>{dir}/three; exit 2'
startretries=3
startsecs=3
[program:none]
command=/bin/sh -c 'date +%%s.%%N >>{dir}/none; exit 2'
startretries=0
startsecs=3
[program:missing]
command=/no/such
startretries=2
[program:stopped]
command=/bin/false
startretries=10
startsecs=3
""")
start()
wait("none", "FATAL")
wait("stopped", "BACKOFF")
call("stopProcess", "stopped")
info("stopped", "statename", "spawnerr", "exitstatus", "description", "pid")
wait("missing", "FATAL")
wait("three", "FATAL")
for name in ["three", "none"]:
    times = [float(line) for line in (dir / name).read_text().splitlines()]
    gaps = [later - earlier for earlier, later in zip(times, times[1:])]
    say(f"{name}: {len(times)} tries", *(f"  the {n}. wait is {n} s, and 4 s more at most: {n - 0.05 <= gap <= n + 4}" for n, gap in enumerate(gaps, 1)))
brief()
end("TERM")
log()
