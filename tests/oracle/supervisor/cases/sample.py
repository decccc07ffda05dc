"""The configuration that echo_supervisord_conf prints, and what its comments show, runs."""
import subprocess
text = subprocess.run([fill("{venv}/bin/echo_supervisord_conf")], capture_output=True, text=True).stdout
text = text.replace("/tmp", str(dir))
file("sample.conf", text)
start("-j", "{dir}/supervisord.pid", config="sample.conf", ready=False)
wait_file("supervisord.log", "started with pid")
for words in ["status", "version", "avail", "pid"]:
    ctl(words, config="sample.conf")
end("TERM")
show("supervisord.log")
# With every option that it shows, uncommented.
lines = []
for line in text.splitlines():
    bare = line[1:] if line.startswith(";") and not line.startswith("; ") else line
    if bare.startswith(("username", "password", "chown", "user=", "umask", "directory", "serverurl=http", "serverurl=A", "port", "[inet", "redirect_stderr=true", "files", "[include]", "strip", "stdout_syslog", "stderr_syslog")):
        continue
    bare = bare.replace("/bin/eventlistener", fill("{python} {children}/ear.py {dir}/ear.events")).replace("/a/path", "NONE").replace("progname1,progname2", "theprogramname")
    lines.append(bare)
file("full.conf", "\n".join(lines) + "\n")
start(config="full.conf", ready=False)
wait_file("supervisord.log", "entered RUNNING", 2)
ctl("status", config="full.conf")
ctl("avail", config="full.conf")
end("TERM")
