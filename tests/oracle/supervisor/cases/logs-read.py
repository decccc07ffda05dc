"""Programs' logs by RPC: read, tailed, cleared, over HTTP."""
# differs: bytes that XML cannot carry are replaced, no error of the server
# - > readProcessStdoutLog('bytes', 0, 100)
# - < 500 Internal Server Error
# + > readProcessStdoutLog('bytes', 0, 100)
# + < 'ü���[31m<&>\n'
# differs: bytes that XML cannot carry are replaced, no error of the server
# - > readProcessLog('bytes', 0, 100)
# - < 500 Internal Server Error
# + > readProcessLog('bytes', 0, 100)
# + < 'ü���[31m<&>\n'
# differs: bytes that XML cannot carry are replaced, no error of the server
# - > tailProcessStdoutLog('bytes', 0, 100)
# - < 500 Internal Server Error
# + > tailProcessStdoutLog('bytes', 0, 100)
# + < ['ü���[31m<&>\n', 14, False]
# differs: bytes that XML cannot carry are replaced, no error of the server
# - > tailProcessLog('bytes', 0, 100)
# - < 500 Internal Server Error
# + > tailProcessLog('bytes', 0, 100)
# + < ['ü���[31m<&>\n', 14, False]
config("""
[program:a]
command=/bin/sh -c 'echo 0123456789; echo err >&2; exec cat'
stdout_logfile={dir}/a.out
stderr_logfile={dir}/a.err
[program:none]
command=/bin/sh -c 'echo x; exec cat'
stdout_logfile=NONE
stderr_logfile=NONE
[program:merged]
command=/bin/sh -c 'echo out; echo err >&2; exec cat'
redirect_stderr=true
stdout_logfile={dir}/merged.log
[program:auto]
command=/bin/sh -c 'echo out; exec cat'
[program:unborn]
command=/bin/cat
autostart=false
stdout_logfile={dir}/unborn.log
[program:bytes]
command=/bin/sh -c 'printf "\\303\\274\\377\\000\\033[31m<&>\\r\\n"; exec cat'
stdout_logfile={dir}/bytes.out
[group:g]
programs=a,none
""")
start()
for name in ["g:a", "g:none", "merged", "auto", "bytes"]:
    wait(name, "RUNNING")
for method in ["readProcessStdoutLog", "readProcessLog", "readProcessStderrLog", "tailProcessStdoutLog", "tailProcessLog", "tailProcessStderrLog"]:
    for offset, length in [(0, 0), (2, 3), (-4, 0), (0, -1), (-4, 2), (100, 5), (5, 100), (11, 0), (0, 5), (3, 0), (-100, 0)]:
        call(method, "g:a", offset, length)
    for name in ["g:none", "merged", "unborn", "g", "g:*", "nothing", "", "auto", "bytes"]:
        call(method, name, 0, 100)
    call(method, "g:a")
    call(method, "g:a", "0", "5")
call("clearProcessLogs", "g:a")
call("clearProcessLog", "g:none")
call("clearProcessLogs", "unborn")
call("clearProcessLogs", "nothing")
call("clearProcessLogs", "g:*")
call("readProcessStdoutLog", "g:a", 0, 0)
call("sendProcessStdin", "g:a", "more\n")
wait_file("a.out", "more")
call("tailProcessStdoutLog", "g:a", 3, 5)
os.unlink(dir / "a.out")
call("readProcessStdoutLog", "g:a", 0, 0)
call("tailProcessStdoutLog", "g:a", 0, 10)
call("clearProcessLogs", "g:a")
call("clearAllProcessLogs")
# AUTO logs are private when they are made; the original forgets that where it clears them.
tree("logs")
end("TERM")
log()
