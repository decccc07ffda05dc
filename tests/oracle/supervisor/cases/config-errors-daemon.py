# slow
"""Files that are refused for their form, or for what they say of the daemon, in the words that are said."""
# differs: a user that is not there is told before anything is changed
# - == [supervisord] user=nobody-there
# - > reloadConfig()
# - < [[[], [], []]]
# + == [supervisord] user=nobody-there
# + > reloadConfig()
# + < fault 92 CANT_REREAD: Invalid user name nobody-there
# differs: says what is known
# - ! Error: none:none cannot be resolved within [rpcinterface:x]
# + ! Error: none:none cannot be resolved within [rpcinterface:x]: only supervisor.rpcinterface:make_main_rpcinterface is known
D = "[supervisord]\nlogfile={dir}/main.log\npidfile={dir}/p.pid\n"
P = D + "[program:a]\ncommand=/bin/cat\n"
files = {
    "nothing": "", "no daemon": "[program:a]\ncommand=/bin/cat\n", "no header": "x=1\n", "broken header": "[supervisord\n", "no delimiter": D + "word\n", "two broken": D + "word\nother\n",
    "no command": D + "[program:a]\n", "empty command": D + "[program:a]\ncommand=\n", "no name": D + "[program:]\ncommand=/bin/cat\n", "name with blank": D + "[program:a b]\ncommand=/bin/cat\n",
    "name with slash": D + "[program:a/b]\ncommand=/bin/cat\n", "name with colon": D + "[program:a:b]\ncommand=/bin/cat\n", "name unicode": D + "[program:\u00e4]\ncommand=/bin/cat\n",
    "byte order mark": "\ufeff" + P, "carriage returns": P.replace("\n", "\r\n"), "indented first": "  " + P, "indented header": D + "  [program:a]\ncommand=/bin/cat\n", "only blanks": "   \n\n",
}
for option, values in {
    "loglevel": ["loud", ""], "logfile": ["/no/such/x.log"], "logfile_maxbytes": ["x"], "logfile_backups": ["x"], "minfds": ["x"], "minprocs": ["x"], "nodaemon": ["x"], "umask": ["9"], "user": ["nobody-there"], "directory": ["/no/such"], "childlogdir": ["/no/such"],
    "environment": ["A", "A=1,B", "A=%(ENV_NONE)s"], "identifier": ["%(x)s", ""], "nocleanup": ["x"], "silent": ["x"], "strip_ansi": ["x"], "pidfile": ["/no/such/x"], "profile_options": ["x"],
}.items():
    for value in values:
        files[f"[supervisord] {option}={value}"] = f"{D}{option}={value}\n"
config()
start()
for name, text in files.items():
    say(f"== {name}")
    config(text, base="")
    call("reloadConfig")
end("TERM")
log()
# At the start the same words are said on stderr. What cannot be opened is told only then.
files = {name: files[name] for name in ["nothing", "no header", "no delimiter", "no command", "name with blank", "[supervisord] minfds=x"]}
files |= {
    "unix directory": P + "[unix_http_server]\nfile=/no/such/x\n", "unix too long": P + "[unix_http_server]\nfile={dir}/" + "x" * 120 + "\n", "inet host": P + "[inet_http_server]\nport=no.such.host.invalid:1\n",
    "rpc unknown": P + "[unix_http_server]\nfile={dir}/s.sock\n[rpcinterface:x]\nsupervisor.rpcinterface_factory=none:none\n", "minfds": P + "[supervisord]\nminfds=999999999\n", "program": P + "startsecs=x\n",
    "pidfile a directory": P + "[supervisord]\npidfile={dir}/logs\n",
}
for name, text in files.items():
    say(f"== {name}")
    config(text, base="")
    refused()
