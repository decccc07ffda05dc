"""supervisord.py [COUNT...]: vat-init beside supervisord, s6, runit and dinit, those that are there.

Memory, time and CPU time to run so many `sleep` programs, to stop them all, what idles, and what four `yes` cost. Memory is RSS
where one process does the work, and the sum of PSS where there are more. VAT_PROGRAMS and VAT_SUPERVISOR are set by tests/run."""

import ctypes
import os
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import xmlrpc.client
from pathlib import Path

from supervisor.xmlrpc import SupervisorTransport

PATIENCE = 120
IDLE = 20
FLOOD = 5
TICK = os.sysconf("SC_CLK_TCK")
PR_SET_CHILD_SUBREAPER = 36

BASE = """\
[supervisord]
logfile=/dev/null
logfile_maxbytes=0
pidfile={place}/pid
minfds=4096
[unix_http_server]
file={place}/s.sock
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
"""
SLEEPS = """
[program:sleep]
command=sleep 100000
process_name=sleep%(process_num)d
numprocs={count}
startsecs=0
stdout_logfile=NONE
stderr_logfile=NONE
"""
FLOODS = """
[program:yes]
command=yes
process_name=yes%(process_num)d
numprocs=4
startsecs=0
stdout_logfile={place}/%(process_num)d.log
stdout_logfile_maxbytes=1MB
stdout_logfile_backups=1
"""


def supervisor_like(program):
    def prepare(place, count):
        (place / "conf").write_text(BASE.format(place=place) + SLEEPS.format(count=count))
        return [program, "-n", "-s", "-c", str(place / "conf")]

    return prepare


def scanned(program, *arguments):
    """A directory of services, each a directory with a program `run`."""

    def prepare(place, count):
        for number in range(count):
            service = place / "services" / f"sleep{number}"
            service.mkdir(parents=True)
            (service / "run").write_text("#!/bin/sh\nexec sleep 100000\n")
            (service / "run").chmod(0o755)
        return [program, *arguments, str(place / "services")]

    return prepare


def dinit(place, count):
    services = place / "services"
    services.mkdir()
    for number in range(count):
        (services / f"sleep{number}").write_text("type = process\ncommand = /bin/sleep 100000\n")
    (services / "boot").write_text("type = internal\n" + "".join(f"depends-on = sleep{n}\n" for n in range(count)))
    return ["dinit", "-d", str(services), "-p", str(place / "socket"), "boot"]


def daemons():
    ours = Path(os.environ["VAT_PROGRAMS"]) / "vat-init"
    theirs = Path(sys.prefix) / "bin" / "supervisord"
    # Each with the signal that makes it stop all and end.
    yield "vat-init", supervisor_like(str(ours)), signal.SIGTERM, ours.exists()
    yield "supervisord", supervisor_like(str(theirs)), signal.SIGTERM, True
    yield "s6", scanned("s6-svscan", "-c", "5000"), signal.SIGTERM, shutil.which("s6-svscan")
    yield "runit", scanned("runsvdir"), signal.SIGHUP, shutil.which("runsvdir")
    yield "dinit", dinit, signal.SIGTERM, shutil.which("dinit")


class Run:
    """A daemon and the processes below it."""

    def __init__(self, command):
        # One that ends before its programs leaves them to us.
        self.began = time.monotonic()
        self.daemon = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def below(self):
        found, unseen = {}, [self.daemon.pid, *orphans()]
        while unseen:
            pid = unseen.pop()
            try:
                found[pid] = Path(f"/proc/{pid}/comm").read_text().strip()
                unseen += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
            except OSError:
                found.pop(pid, None)
        return found

    def until(self, reached, starting=True):
        """The seconds from the beginning until then; None where it takes too long, or the daemon ends where it should start."""
        while not reached():
            if time.monotonic() - self.began > PATIENCE or starting and self.daemon.poll() is not None:
                return None
            time.sleep(0.005)
        return time.monotonic() - self.began

    def own(self):
        """What does the work: all but the programs that are run."""
        return [pid for pid, name in self.below().items() if name not in ("sleep", "yes")]

    def told(self, file):
        """A file of /proc for each of them, but of those that ended meanwhile."""
        for pid in self.own():
            try:
                yield Path(f"/proc/{pid}/{file}").read_text()
            except OSError:
                continue

    def memory(self):
        texts = list(self.told("smaps_rollup"))
        field = "Rss:" if len(texts) == 1 else "Pss:"
        return sum(int(line.split()[1]) for text in texts for line in text.splitlines() if line.startswith(field)) / 1024

    def cpu(self):
        """Seconds of CPU time."""
        rows = [text.rpartition(")")[2].split() for text in self.told("stat")]
        return sum(int(row[11]) + int(row[12]) for row in rows) / TICK

    def wakes(self):
        return sum(int(line.split()[1]) for text in self.told("status") for line in text.splitlines() if line.startswith("voluntary"))

    def clear_away(self):
        for _ in range(100):
            for pid in self.below():
                if pid != os.getpid():
                    try:
                        os.kill(pid, signal.SIGKILL)
                    except ProcessLookupError:
                        pass
            if self.daemon.poll() is not None and not orphans():
                return
            reap()
            time.sleep(0.02)


def orphans():
    """The children of ours that were handed to us."""
    return map(int, Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


def reap():
    for pid in list(orphans()):
        try:
            os.waitpid(pid, os.WNOHANG)
        except ChildProcessError:
            pass


def measure(prepare, end, count, idle):
    place = Path(tempfile.mkdtemp(prefix="vat-b."))
    run = Run(prepare(place, count))
    try:
        started = run.until(lambda: sum(name == "sleep" for name in run.below().values()) >= count)
        spent, memory = run.cpu(), run.memory()
        idles = None
        if idle:
            time.sleep(2)
            wakes, cpu = run.wakes(), run.cpu()
            time.sleep(IDLE)
            idles = run.wakes() - wakes, (run.cpu() - cpu) * 1000
        run.began = time.monotonic()
        run.daemon.send_signal(end)

        def all_gone():
            run.daemon.poll()
            reap()
            return "sleep" not in run.below().values()

        stopped = run.until(all_gone, starting=False)
    finally:
        run.clear_away()
        shutil.rmtree(place, ignore_errors=True)
    return memory, started, spent, stopped, idles


def flood(program):
    place = Path(tempfile.mkdtemp(prefix="vat-b."))
    (place / "conf").write_text(BASE.format(place=place) + FLOODS.format(place=place))
    run = Run([program, "-n", "-s", "-c", str(place / "conf")])
    try:
        run.until(lambda: list(run.below().values()).count("yes") == 4 and (place / "s.sock").exists())
        time.sleep(FLOOD)
        waits = []
        for _ in range(20):
            began = time.monotonic()
            server = xmlrpc.client.ServerProxy("http://127.0.0.1", SupervisorTransport(None, None, f"unix://{place}/s.sock"))
            server.supervisor.getAllProcessInfo()
            waits.append((time.monotonic() - began) * 1000)
        return run.memory(), statistics.median(waits), max(waits)
    finally:
        run.clear_away()
        shutil.rmtree(place, ignore_errors=True)


def told(value, form):
    return "-" if value is None else format(value, form)


def main():
    counts = [int(word) for word in sys.argv[1:]] or [10, 100, 1000]
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    # A thousand programs have three pipes each.
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 16384), most))
    print("| daemon | programs | memory, MB | until all run, s | CPU, s | stop all, s | wakes in 20 s | CPU, ms |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for count in counts:
        for name, prepare, end, is_there in daemons():
            if not is_there:
                continue
            memory, started, spent, stopped, idles = measure(prepare, end, count, count == 100)
            wakes, cpu = idles or (None, None)
            cells = [told(memory, ".1f"), told(started, ".2f"), told(spent, ".2f"), told(stopped, ".3f"), told(wakes, "d"), told(cpu, ".0f")]
            print(f"| {name} | {count} | " + " | ".join(cells) + " |", flush=True)
    print()
    print("Four `yes` into logs of 1 MB:\n")
    print("| daemon | RSS, MB | status, ms (median) | status, ms (slowest) |")
    print("| --- | ---: | ---: | ---: |")
    for name, program in [("vat-init", Path(os.environ["VAT_PROGRAMS"]) / "vat-init"), ("supervisord", Path(sys.prefix) / "bin/supervisord")]:
        if program.exists():
            memory, median, most = flood(str(program))
            print(f"| {name} | {memory:.1f} | {median:.1f} | {most:.1f} |", flush=True)


main()
