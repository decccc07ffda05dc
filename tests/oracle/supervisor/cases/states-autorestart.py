"""What is started again after it ended: autorestart, exitcodes, signals; whether it had lived for startsecs."""
kinds = {"false": "autorestart=false", "true": "autorestart=true", "unexpected": "autorestart=unexpected", "default": "", "codes": "exitcodes=0,3,5"}
ends = ["0", "3", "KILL"]
text = ""
for kind, option in kinds.items():
    for how in ends:
        text += f"[program:{kind}-{how}]\ncommand={{children}}/twice.sh {{dir}}/{kind}-{how} 2.6 {how}\nstartsecs=1\n{option}\n"
# Quick ends: not before startsecs has passed, and where nothing has to pass.
for kind, option in kinds.items():
    text += f"[program:quick-{kind}]\ncommand={{children}}/twice.sh {{dir}}/quick-{kind} 0.2 0\nstartsecs=4\n{option}\n"
    text += f"[program:zero-{kind}]\ncommand={{children}}/twice.sh {{dir}}/zero-{kind} 0.6 7\nstartsecs=0\n{option}\n"
config(text)
start()
sleep(7)
wait("quick-true", "RUNNING")
wait("quick-false", "RUNNING")
names = sorted(row["name"] for row in quiet("getAllProcessInfo"))
for name in names:
    row = quiet("getProcessInfo", name)
    runs = len((dir / name).read_text().splitlines())
    say(f"{name}: {runs} runs, {row['statename']} {row['exitstatus']} {row['spawnerr']!r}")
end("TERM")
log()
