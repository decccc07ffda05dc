"""A new beginning by RPC and by SIGHUP: the file is read again, the pid stays."""
config("""
[program:a]
command=/bin/cat
[program:b]
command=/bin/cat
priority=1
""")
start()
wait("a", "RUNNING")
wait("b", "RUNNING")
config("""
[supervisord]
identifier=after
[program:a]
command=/bin/cat
[program:c]
command=/bin/cat
priority=1
""")
call("restart")
until(lambda: _again(), "it begins again") if False else None
until(lambda: called("after"), "it begins again")
wait("a", "RUNNING")
wait("c", "RUNNING")
brief()
say(quiet("getPID") == pid())
config("""
[supervisord]
identifier=after that
[program:d]
command=/bin/cat
""")
signal("HUP")
until(lambda: called("after that"), "it begins again")
wait("d", "RUNNING")
brief()
say(quiet("getPID") == pid())
tree()
end("INT")
log(by_name=False)
tree()
