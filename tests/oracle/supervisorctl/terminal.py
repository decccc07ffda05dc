"""Types at a client in a terminal, and waits each time for what it must show: terminal.py PROGRAM [ARGUMENT...]."""
import os, pty, select, sys, time

# What is typed, and what must appear after it.
STEPS = [
    ("", "supervisor> "),
    ("ver\t\r", "4.3.0"),
    ("sta\t\t", "status"),
    ("t\tstop\tx\x7f\r", "STOPPED"),
    ("start running\r", "running: "),
    ("sto\trunn\t\r", "running: stopped"),
    ("start w:\t\t", "w:w-02"),
    ("w-01\r", "w:w-01: ERROR (already started)"),
    ("\x1b[A\x1b[A\r", "running: ERROR (not running)"),
    ("pidx\x02\x0b stopped\x01\x1b[C\x05\r", "0"),
    ("rmpidoops\x17\x17pid nope\r", "No such process nope"),
    ("help sh\t\r", "Shut the remote supervisord down."),
    ("status tes\t\r", "test_öäü"),
    ("tail -f writer\r", "to stdout"),
    ("\x03", "supervisor> "),
    ("fg cat\r", "Ctrl-C to exit"),
    ("echo me\r", "echo me\r\necho me"),
    ("\x03", "Exiting foreground"),
    ("shutdown\rn\r", "y/N? "),
    ("half a line", "half a line"),
]


def run(arguments, steps, last):
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "xterm"
        os.execv(arguments[0], arguments)
    for keys, expected in steps + [(last, None)]:
        os.write(terminal, keys.encode())
        shown, until = b"", time.monotonic() + 10
        while time.monotonic() < until and (expected is None or expected not in shown.decode(errors="replace")):
            if not select.select([terminal], [], [], 0.1)[0]:
                continue
            try:
                piece = os.read(terminal, 4096)
            except OSError:
                piece = b""
            if not piece:
                break
            shown += piece
        if expected is not None and expected not in shown.decode(errors="replace"):
            os.kill(pid, 9)
            sys.exit(f"typed {keys!r}, expected {expected!r}, got {shown.decode(errors='replace')!r}")
        # What is drawn after what was expected.
        while expected is not None and select.select([terminal], [], [], 0.15)[0]:
            os.read(terminal, 4096)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if code != 0:
        sys.exit(f"ended with {code} after {last!r}")


run(sys.argv[1:], STEPS, "\x15\x04")
for last in ["quit\r", "\x03"]:
    run(sys.argv[1:], STEPS[:1], last)
