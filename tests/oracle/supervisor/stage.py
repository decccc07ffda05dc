"""The words of a case: they start a daemon in a directory of its own, drive it, and print what it does, masked."""

import contextlib
import os
import pprint
import re
import signal as signals
import socket
import subprocess
import sys
import tempfile
import time
import xmlrpc.client
from pathlib import Path

import wire
from mask import Mask
from supervisor import supervisorctl
from supervisor.xmlrpc import SupervisorTransport

BASE = """\
[supervisord]
logfile=%(here)s/main.log
pidfile=%(here)s/supervisord.pid
childlogdir=%(here)s/logs
[unix_http_server]
file=%(here)s/s.sock
[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
[supervisorctl]
serverurl=unix://%(here)s/s.sock
"""
CHILDREN = Path(__file__).parent / "children"
PATIENCE = 25


class Stage:
    """Each method without an underscore is a word of the cases."""

    def __init__(self, place, daemon):
        (place / "bin").mkdir()
        (place / "logs").mkdir()
        venv = Path(sys.prefix)
        (place / "bin" / "supervisord").symlink_to(daemon)
        (place / "bin" / "supervisorctl").symlink_to(venv / "bin" / "supervisorctl")
        self._running, self.dir = None, place
        self._said, self._tell, self._server = place / "said", Mask(), None
        self._tell.hide(place, "DIR")
        self._tell.hide(venv, "VENV")
        self._tell.hide(CHILDREN, "CHILDREN")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._tell.hide(self.port, "PORT")
        # Programs of other users shall reach their files.
        place.chmod(0o755)
        self._names = {"dir": place, "python": venv / "bin" / "python", "venv": venv, "children": CHILDREN, "port": self.port}

    # What is printed.

    def say(self, *lines):
        for line in lines:
            print(self._tell(str(line)))

    def hide(self, word, name):
        """From now on `word` is printed as NAME."""
        self._tell.hide(word, name)

    def masked(self, text):
        return self._tell(text)

    def fill(self, text):
        """Replaces {dir}, {python}, {venv}, {children}, {port}."""
        for name, value in self._names.items():
            text = text.replace("{" + name + "}", str(value))
        return text

    # Files.

    def config(self, text="", base=BASE, name="supervisord.conf"):
        self.file(name, base + text)

    def file(self, name, text, mode=0o644):
        path = self.dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.fill(text))
        path.chmod(mode)

    def show(self, name, ordered=True):
        """A file's text; its lines sorted where their order is chance."""
        path = self.dir / name
        self.say(f"== {name}")
        try:
            lines = path.read_bytes().decode(errors="backslashreplace").splitlines()
        except OSError as error:
            return self.say(f"   {error.strerror}")
        for line in lines if ordered else sorted(lines):
            self.say("   " + line)

    def tree(self, *ignored):
        """The files that are there, with their sizes where these are no chance, and modes."""
        own = {"bin", "said", "supervisord.conf", "out", "err", "main.log", *ignored}
        self.say("== files")
        rows = []
        for path in self.dir.rglob("*"):
            name = str(path.relative_to(self.dir))
            if name.split("/")[0] in own or name in own or path.is_dir() and name == "logs":
                continue
            status = path.lstat()
            size = "" if path.is_dir() or path.is_socket() or name.endswith(".pid") else f" {status.st_size} bytes"
            rows.append(self._tell(f"   {status.st_mode:o} {name}{size}"))
        self.say(*sorted(rows))

    def log(self, *, by_name=True, only=None):
        """The main log. Where programs live beside each other the lines are put together by the name that they tell."""
        self.say("== main log")
        try:
            lines = (self.dir / "main.log").read_bytes().decode(errors="backslashreplace").splitlines()
        except OSError as error:
            return self.say(f"   {error.strerror}")
        # Lines without a time are the inside of the original: where in its code it went wrong.
        lines = [self._tell(line) for line in lines]
        lines = [line.removeprefix("TIME ").removesuffix(" Traceback (most recent call last):") for line in lines if line[:5] == "TIME "]
        lines = [line for line in lines if not line.startswith("CRIT Handling XML-RPC request")]
        # Ours is a subreaper: it reaps what the original leaves to its parent.
        lines = [line for line in lines if "reaped unknown pid" not in line]
        # These are said again while the daemon waits, as often as it turns out.
        lines = [line for line in lines if not (line.startswith("INFO waiting for ") and line.endswith(" to stop"))]
        waiting = [number for number, line in enumerate(lines) if line.startswith("INFO waiting for ")]
        lines = [line for number, line in enumerate(lines) if number not in waiting[1:]]
        if only:
            lines = [line for line in lines if only in line]
        if by_name:
            lines.sort(key=self._named)
        self.say(*("   " + line for line in lines))

    def _named(self, line):
        for mark in ("spawned: ", "success: ", "exited: ", "stopped: ", "gave up: ", "killing ", "spawnerr: "):
            level, _, text = line.partition(" ")
            if text.startswith(mark):
                return text[len(mark) :].split(" ")[0].strip("':")
        return ""

    # The daemon.

    def start(self, *options, config="supervisord.conf", env=None, ready=True, user=None):
        """Starts the daemon in the foreground, and waits until it answers."""
        for name in ("out", "err"):
            (self.dir / name).unlink(missing_ok=True)
        command = [str(self.dir / "bin" / "supervisord"), "-n", *(["-c", config] if config else []), *options]
        environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/root", "LC_ALL": "C.UTF-8", **(env or {})}
        command = [self.fill(word) for word in command]
        self._running = subprocess.Popen(
            command,
            cwd=self.dir,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=open(self.dir / "out", "ab"),
            stderr=open(self.dir / "err", "ab"),
            umask=0o022,
            user=user,
        )
        self._server = None
        self._tell.hide(f"({self._running.pid})", "(PID)")
        if ready:
            self.until(lambda: self._state() is not None or self._running.poll() is not None, "the daemon answers")
            if self._running.poll() is not None:
                self.end()
                raise RuntimeError("the daemon does not start")

    def _state(self):
        try:
            return self.quiet("getState")["statecode"]
        except Exception:
            return None

    def called(self, identifier):
        """Whether a daemon with this identifier answers."""
        try:
            return self.quiet("getIdentification") == identifier
        except Exception:
            return False

    def pid(self):
        return self._running.pid

    def signal(self, name):
        self.say(f"-- SIG{name}")
        self._running.send_signal(getattr(signals, "SIG" + name))

    def end(self, name=None, patience=PATIENCE, told=True):
        """Sends a signal, if one is named; waits for the daemon's end, and tells its exit code and what it said."""
        if name:
            self.signal(name)
        try:
            self.say(f"-- exit code {self._running.wait(patience)}")
        except subprocess.TimeoutExpired:
            self.say("-- does not end")
        if told:
            self._tell_end()

    def _tell_end(self):
        if (self.dir / "err").exists() and (self.dir / "err").stat().st_size:
            self.show("err")

    def run(self, *words, env=None, input="", patience=PATIENCE, name=None):
        """A command of {dir}/bin to its end: output, errors, exit code."""
        words = [self.fill(word) for word in words]
        program = self.dir / "bin" / words[0]
        environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/root", "LC_ALL": "C.UTF-8", **(env or {})}
        self.say("$ " + " ".join(words))
        try:
            done = subprocess.run(
                [str(program) if program.exists() else words[0], *words[1:]],
                cwd=self.dir,
                env=environment,
                input=input.encode(),
                capture_output=True,
                timeout=patience,
            )
        except subprocess.TimeoutExpired as late:
            return self._tell_run(late.stdout or b"", late.stderr or b"", "none: it goes on")
        self._tell_run(done.stdout, done.stderr, done.returncode)

    def refused(self, env=None):
        """Whether the file is refused, and with what words; a daemon that takes it is ended."""
        environment = {"PATH": "/usr/bin:/bin", "HOME": "/root", "LC_ALL": "C.UTF-8", **(env or {})}
        command = [self.dir / "bin" / "supervisord", "-n", "-c", "supervisord.conf"]
        log = self.dir / "main.log"
        log.unlink(missing_ok=True)
        with open(self.dir / "err", "wb") as err:
            tried = subprocess.Popen(command, cwd=self.dir, env=environment, stdout=subprocess.DEVNULL, stderr=err)
        try:
            is_up = lambda: log.is_file() and b"spawned: " in log.read_bytes()
            self.until(lambda: tried.poll() is not None or is_up(), "it starts or ends")
            code = tried.poll()
        finally:
            tried.kill()
            tried.wait()
        err = (self.dir / "err").read_bytes()
        if code is None:
            warned = [self._tell(line).removeprefix("TIME ") for line in log.read_text().splitlines()]
            return self.say("taken", *(line for line in warned if line.startswith(("WARN", "ERRO", "CRIT could"))))
        self._tell_run(b"", err, code)

    def _tell_run(self, out, err, code):
        for mark, text in (("| ", out), ("! ", err)):
            self.say(*(mark + line for line in text.decode(errors="backslashreplace").splitlines()))
        self.say(f"-- exit code {code}")

    def ctl(self, *words, config="supervisord.conf", input="", patience=PATIENCE):
        """The stock supervisorctl, in this interpreter for speed."""
        options = ["-c", config] if config else []
        if input or patience != PATIENCE:
            return self.run("supervisorctl", *options, *words, input=input, patience=patience)
        self.say("$ supervisorctl " + " ".join([*options, *words]))
        sys.stdout.flush()
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            if (child := os.fork()) == 0:
                os.dup2(out.fileno(), 1)
                os.dup2(err.fileno(), 2)
                self._ctl_main([*options, *map(self.fill, words)])
            _, status = os.waitpid(child, 0)
            texts = [os.pread(file.fileno(), 1 << 20, 0) for file in (out, err)]
        if "pid" in words:
            texts = [re.sub(rb"(?m)^[1-9]\d*$", b"PID", text) for text in texts]
        if any(word == "all" or word.endswith(":*") for word in words):
            # Each as it is done.
            texts = [b"\n".join(sorted(text.splitlines())) for text in texts]
        self._tell_run(*texts, os.waitstatus_to_exitcode(status))

    def _ctl_main(self, arguments):
        """The stock supervisorctl in a process that has it loaded already; does not return."""
        code = 1
        try:
            os.chdir(self.dir)
            sys.argv = [str(self.dir / "bin" / "supervisorctl"), *arguments]
            sys.stdin = open("/dev/null")
            supervisorctl.main(arguments)
            code = 0
        except SystemExit as leave:
            code = leave.code or 0
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    # XML-RPC.

    def server(self):
        if self._server is None:
            transport = SupervisorTransport(None, None, f"unix://{self.dir}/s.sock")
            self._server = xmlrpc.client.ServerProxy("http://127.0.0.1", transport)
        return self._server

    def quiet(self, method, *values):
        """A call that is not told."""
        try:
            return getattr(self.server(), method if "." in method else "supervisor." + method)(*values)
        except xmlrpc.client.Fault:
            raise
        except Exception:
            self._server = None
            raise

    def call(self, method, *values, fields=None):
        """A call, and its reply or fault. Of structs only `fields`, if given."""
        told = ", ".join(map(repr, values))
        self.say(f"> {method}({told[:2000]})")
        try:
            reply = self.quiet(method, *values)
        except xmlrpc.client.Fault as fault:
            return self.say(f"< fault {fault.faultCode} {fault.faultString}")
        except xmlrpc.client.ProtocolError as error:
            return self.say(f"< {error.errcode} {error.errmsg}")
        except Exception as error:
            return self.say(f"< {type(error).__name__}: {error}")
        self._tell_reply(reply, fields)
        return reply

    def _tell_reply(self, reply, fields=None):
        if isinstance(reply, list) and reply and isinstance(reply[0], dict):
            # Those of groups come as each process is done.
            rows = sorted(reply, key=lambda row: (row["group"], row["name"])) if "status" in reply[0] else reply
        elif isinstance(reply, dict):
            rows = [reply]
        else:
            return self.say(*("< " + line for line in pprint.pformat(reply, width=110).splitlines()))
        for row in rows:
            self.say("< {")
            for key in sorted(fields or row):
                self.say(f"<   '{key}': {row.get(key)!r}")
            self.say("< }")

    def info(self, name, *fields):
        self.call("getProcessInfo", name, fields=fields or None)

    def brief(self, *names):
        """State, exit status and spawn error of each process, or of those named."""
        for row in self.quiet("getAllProcessInfo"):
            name = f"{row['group']}:{row['name']}"
            if not names or name in names or row["name"] in names:
                self.say(f"   {name} {row['statename']} {row['exitstatus']} {row['spawnerr']!r}")

    # Waiting.

    def until(self, happened, what, patience=PATIENCE):
        """Waits until `happened()`; the case ends where it never does."""
        end = time.monotonic() + patience
        while not happened():
            if time.monotonic() > end:
                raise TimeoutError(f"never: {what}")
            time.sleep(0.05)

    def wait(self, name, *states, patience=PATIENCE):
        """Waits until a process is in one of the states."""
        has = lambda: self.quiet("getProcessInfo", name)["statename"] in states
        self.until(has, f"{name} is {' or '.join(states)}, but {self.quiet('getProcessInfo', name)['statename']}", patience)

    def wait_file(self, name, text="", times=1, patience=PATIENCE):
        """Waits until a file has the text so many times."""
        has = lambda: (self.dir / name).exists() and (self.dir / name).read_bytes().count(text.encode()) >= times
        self.until(has, f"{text!r} in {name}", patience)

    def sleep(self, seconds):
        time.sleep(seconds)

    def seconds(self, since):
        return time.monotonic() - since

    # HTTP by hand.

    def http(self, method, path, headers=(), body=b"", version="1.1", **options):
        """One request on a connection of its own."""
        body = body.encode() if isinstance(body, str) else body
        self.say(f"> {method} {path} HTTP/{version} {dict(headers) or ''}")
        self.raw(wire.request(method, path, headers, body, version), told=False, **options)

    def raw(self, data, replies=1, address=None, stream=0.0, shown=True, told=True, patience=8, end=True):
        """Bytes as they are, and so many replies; then, if `end`, whether the connection was closed."""
        if told:
            self.say(f"> {data[:300]!r}")
        with wire.connect(address or str(self.dir / "s.sock")) as link:
            with contextlib.suppress(OSError):
                link.sendall(data)
            reader = wire.Replies(link)
            for _ in range(replies):
                status, headers, body = reader.next(patience, stream)
                self.say(f"< {status}")
                told = {name: headers[name] for name in wire.TOLD if headers.get(name, "close") != "close"}
                self.say(*(f"<   {name}: {value}" for name, value in told.items()))
                if b"<title>Error response</title>" in body:
                    self.say(*["< | the page of an error"][: int(shown)])
                elif shown:
                    self.say(*("< | " + line for line in body.decode(errors="backslashreplace").splitlines()))
            if not stream and end:
                reader.until(lambda: False, 0.3)
                self.say("<-- closed" if reader.is_closed else "<-- open")

    # What a listener hears.

    def heard(self, *, name="ear", payload=True):
        """The events that children/ear.py got, without those of itself."""
        self.say(f"== heard by {name}")
        path = self.dir / f"{name}.events"
        for line in path.read_text(errors="backslashreplace").splitlines() if path.exists() else []:
            if f"processname:{name} " not in line:
                self.say("   " + line)
