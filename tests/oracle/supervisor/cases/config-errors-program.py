"""Programs that are refused, in the words that are said."""
D = "[supervisord]\nlogfile={dir}/main.log\npidfile={dir}/p.pid\n"
P = D + "[program:a]\ncommand=/bin/cat\n"
files = {}
for option, values in {
    "autostart": ["perhaps", ""], "autorestart": ["sometimes", "Unexpected", ""], "startsecs": ["x", "1.5", ""], "startretries": ["-"], "priority": ["high", "-5"], "exitcodes": ["a", "256", "-1", "0,,1", ""],
    "stopsignal": ["NONE", "99", "SIGFOO", ""], "stopwaitsecs": ["1s"], "umask": ["9", "999", "rw"], "user": ["nobody-there", "99999"], "numprocs": ["2", "0", "x"], "process_name": ["a b", "a:b", "%(nothing)s", "%(program_name)", "%x"],
    "stdout_logfile_maxbytes": ["1XB", "1 MB", "-1"], "stdout_logfile_backups": ["x"], "stdout_logfile": ["/no/such/dir/x.log", "%(here)s/%(x)s", ""], "environment": ["A", "A=", "A=1,B", "A=1;B=2", "A='x", "A=a@b", "A=%(ENV_NONE)s", "A=1 B=2", ",", "="],
    "redirect_stderr": ["2"], "killasgroup": ["false\nstopasgroup=true"], "directory": ["%(here"], "command": ["%(ENV_NONE)s", "a % b", "a %(program_name)d"], "serverurl": ["x"], "nonsense": ["x"], "stdout_capture_maxbytes": ["x"], "stdout_events_enabled": ["x"], "stdout_syslog": ["x"],
}.items():
    for value in values:
        files[f"{option}={value}"] = P + f"{option}={value}\n"
config()
start()
for name, text in files.items():
    say(f"== {name}")
    config(text, base="")
    call("reloadConfig")
end("TERM")
log()
