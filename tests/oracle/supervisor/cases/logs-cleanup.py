"""AUTO logs of a daemon that was here before."""
config("""
[supervisord]
identifier=me
[program:a]
command=/bin/cat
autostart=false
""")
for name in ["x-stdout---me-abcdefgh.log", "x-stderr---me-abcdefgh.log.1", "x-stdout---me-abcdefgh.log.10", "x-stdout---other-abcdefgh.log", "y---me-.log", "---me-x.log", "x-stdout---me-a b.log", "x-stdout---me-abcdefgh.log.txt", "x-stdout---me-abcdefgh.log.12345", "plain.log"]:
    file("logs/" + name, "x")
start()
say(*sorted(path.name for path in (dir / "logs").iterdir()))
call("startProcess", "a")
end("TERM")
file("logs/x-stdout---me-12345678.log", "x")
start("-k")
say(*sorted(tell for tell in (path.name for path in (dir / "logs").iterdir())))
end("TERM")
