"""SIGUSR2 opens all logs anew; a log that was taken away."""
config("""
[program:a]
command=/bin/cat
stdout_logfile={dir}/a.log
[program:b]
command=/bin/cat
""")
start()
wait("a", "RUNNING")
call("sendProcessStdin", "a", "one\n")
wait_file("a.log", "one")
os.rename(dir / "a.log", dir / "a.log.moved")
os.rename(dir / "main.log", dir / "main.log.moved")
call("sendProcessStdin", "a", "two\n")
wait_file("a.log.moved", "two")
signal("USR2")
wait_file("main.log")
call("sendProcessStdin", "a", "three\n")
wait_file("a.log", "three")
for name in ["a.log", "a.log.moved", "main.log.moved", "main.log"]:
    show(name)
end("TERM")
