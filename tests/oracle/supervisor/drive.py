"""drive.py --daemon PROGRAM CASE: drives one supervisord through one case, and prints what it did.

The same client code drives the original and ours; tests/oracle/supervisor.rs compares what is printed. A case is a script in
cases/: it sees the methods of `Stage` as functions, and its comments may tell where ours differs on purpose:

    # differs: why
    # - a line of the original's transcript
    # + the line, or lines, of ours in its place
"""

import argparse
import ctypes
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parent))
from stage import Stage  # noqa: E402

PR_SET_CHILD_SUBREAPER = 36
# Of one case, in seconds.
LIMIT = 150


def descendants():
    """The processes below this one. What a daemon leaves behind is handed to us, for we are a subreaper."""
    found, open_ = [], [os.getpid()]
    while open_:
        pid = open_.pop()
        try:
            for task in os.listdir(f"/proc/{pid}/task"):
                children = Path(f"/proc/{pid}/task/{task}/children").read_text().split()
                open_ += map(int, children)
                found += map(int, children)
        except OSError:
            continue
    return found


def clear_away():
    """Ends all that the case started, with what that started while it ended."""
    for _ in range(100):
        for pid in (pids := descendants()):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            pass
        if not pids:
            return
        time.sleep(0.02)


def too_long(*_):
    raise TimeoutError(f"{LIMIT} s are over")


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--daemon", required=True)
    arguments.add_argument("--keep", action="store_true", help="keep the directory of the run")
    arguments.add_argument("case")
    arguments = arguments.parse_args()
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    sys.stdout.reconfigure(line_buffering=True, errors="backslashreplace")
    # Of the same length each time: some replies tell the length of what holds it.
    place = Path(tempfile.mkdtemp(prefix="vat-o."))
    # A daemon hands on what it was told to ignore; a shell in the background is told to ignore these.
    for name in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(name, signal.SIG_DFL)
    # Nothing waits for ever, whatever the daemon does not do.
    socket.setdefaulttimeout(40)
    signal.signal(signal.SIGALRM, too_long)
    signal.alarm(LIMIT)
    stage = Stage(place, arguments.daemon)
    words = {name: getattr(stage, name) for name in dir(stage) if not name.startswith("_")}
    words |= {"os": os, "time": time, "Path": Path}
    code = Path(arguments.case).read_text()
    failed = None
    try:
        exec(compile(code, arguments.case, "exec"), words)
    except Exception as error:  # what a daemon does wrong shall be told in the transcript
        failed = error
        stage.say(f"the case ends early: {type(error).__name__}: {error}")
        stage._tell_end()
    finally:
        clear_away()
        if arguments.keep:
            print(place, file=sys.stderr)
        else:
            shutil.rmtree(place, ignore_errors=True)
    if failed and os.environ.get("VAT_TRACE"):
        raise failed


main()
