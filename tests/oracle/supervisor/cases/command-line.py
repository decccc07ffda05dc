# slow
"""Command lines of supervisord that end at once: help, version, what is wrong; and where it looks for its file."""
# differs: Python shows its own line as well
# - !   self.warnings.warn(
# differs: Python shows its own line as well
# -      self.warnings.warn(
config("""
[program:a]
command=/bin/cat
""")
import subprocess
version = subprocess.run([dir / "bin/supervisord", "--version"], capture_output=True, text=True)
say(version.stdout, version.stderr, version.returncode)
for words in [
    ["-v"], ["-x"], ["--nothing"], ["-c"], ["-c", "none.conf"], ["-c", "."], ["-n", "extra"], ["-c", "supervisord.conf", "extra", "words"],
    ["-n", "-c", "supervisord.conf", "-u", "nobody-there"], ["-n", "-c", "supervisord.conf", "-m", "9"], ["-n", "-c", "supervisord.conf", "-d", "/no/such"],
    ["-n", "-c", "supervisord.conf", "-e", "loud"], ["-n", "-c", "supervisord.conf", "-l", "/no/such/log"], ["-n", "-c", "supervisord.conf", "-y", "many"], ["-n", "-c", "supervisord.conf", "-z", "x"],
    ["-n", "-c", "supervisord.conf", "-a", "x"], ["-n", "-c", "supervisord.conf", "--minprocs=x"], ["-n", "-c", "supervisord.conf", "-q", "/no/such"], ["-n", "-c", "supervisord.conf", "-j", "/no/such/pid"],
    ["-n", "-c", "supervisord.conf", "-a", "999999999"], ["--nodaemon=1"], ["--conf", "none.conf"], ["--log", "x"], ["-n", "-u", "daemon", "-c", "none"],
]:
    run("supervisord", *words)

# The options of the command line come before those of the file.
start("-l", "{dir}/other.log", "-j", "{dir}/other.pid", "-i", "other", "-e", "warn", "-q", "{dir}")
call("getIdentification")
wait("a", "RUNNING")
say((dir / "other.pid").read_text() == f"{pid()}\n")
tree()
end("TERM")
show("other.log")
tree()
# Without -c.
os.rename(dir / "supervisord.conf", dir / "bin/../other.conf")
run("supervisord", "-n")
(dir / "etc/logs").mkdir(parents=True)
os.rename(dir / "other.conf", dir / "etc/supervisord.conf")
config("[supervisord]\nidentifier=beside\n", base="", name="x.conf")
start(config=None, ready=False)
wait_file("etc/main.log", "RUNNING")
end("TERM")
show("out")
