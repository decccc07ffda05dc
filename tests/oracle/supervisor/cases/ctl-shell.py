# slow
"""The stock supervisorctl as a shell, its -f, fg, and wrong ways to call it."""
config("""
[program:a]
command=/bin/sh -c 'echo hello; exec cat'
[program:b]
command=/bin/cat
autostart=false
[group:g]
programs=b
""")
start()
wait("a", "RUNNING")
ctl(input="status\n\nhelp\nstart g:b\nstop g:b; status\nfoo\nversion\nquit\nstatus\n")
ctl("-i", input="status a\nexit\n")
ctl(input="status a\n")
ctl(input="shutdown\nn\nreload\nno\n\nquit\n")
ctl("tail", "-f", "a", patience=5)
ctl("maintail", "-f", patience=5)
run("sh", "-c", "(sleep 2; echo typed; sleep 3) | bin/supervisorctl -c supervisord.conf fg a")
for words in [["-x"], ["-h"], ["-s"], ["-s", "nonsense", "status"], ["-s", "unix:///no/such.sock", "status"], ["-s", "http://localhost:1", "pid"], ["--serverurl=unix://{dir}/s.sock", "version"], ["-r", "version"], ["-u"]]:
    ctl(*words)
ctl("status", config="none.conf")
config("[supervisord]\n", base="", name="noctl.conf")
ctl("status", config="noctl.conf")
ctl("reload")
until(lambda: called("supervisor"), "it is there again")
wait("a", "RUNNING")
end("TERM", told=False)
