"""A program starts, runs and stops."""
config("""
[program:cat]
command=/bin/cat
""")
start()
wait("cat", "RUNNING")
call("getAllProcessInfo")
ctl("status")
http("GET", "/ok.html")
end("TERM")
log()
tree()
