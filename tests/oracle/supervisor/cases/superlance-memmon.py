# slow
"""superlance's memmon starts a program again that is too large. It waits for TICK_60: up to a minute."""
file("sendmail", "#!/bin/sh\ncat >>{dir}/mails\n", 0o755)
config("""
[program:large]
command={python} -c 'x = bytearray(50000000); import time; time.sleep(1000)'
[program:small]
command=/bin/sleep 1000
[eventlistener:memmon]
command={venv}/bin/memmon -p large=30MB -p small=30MB -m me@example.com -s "{dir}/sendmail"
events=TICK_60
startsecs=0
stderr_logfile={dir}/memmon.err
""")
start()
for name in ["large", "small"]:
    wait(name, "RUNNING")
before = {row["name"]: row["pid"] for row in quiet("getAllProcessInfo")}
wait_file("mails", "restarted", patience=75)
until(lambda: quiet("getProcessInfo", "large")["pid"] not in (0, before["large"]), "large runs again")
say(f"small goes on: {before['small'] == quiet('getProcessInfo', 'small')['pid']}")
import re
text = (dir / "mails").read_text()
say(*(re.sub(r"\d{5,}", "N", re.sub(r"\d\d:\d\d:\d\d", "TIME", line)) for line in text.splitlines()))
end("TERM")
