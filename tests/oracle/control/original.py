"""What the original's methods answer to the requests of control.rs: JSON, a line in, a line out. Processes are made up."""

import errno
import functools
import json
import os
import sys
from types import FunctionType, SimpleNamespace

from supervisor import events, rpcinterface
from supervisor.datatypes import Automatic
from supervisor.http import NOT_DONE_YET
from supervisor.options import NotExecutable, NotFound
from supervisor.states import STOPPED_STATES, ProcessStates
from supervisor.supervisord import Supervisor
from supervisor.xmlrpc import (
    RPCError,
    SystemNamespaceRPCInterface,
    supervisor_xmlrpc_handler,
    xmlrpc_marshal,
    xmlrpclib,
)

told = []


@functools.total_ordering
class ByPriority:
    def __lt__(self, other):
        return self.config.priority < other.config.priority

    def __eq__(self, other):
        return self.config.priority == other.config.priority


class Process(ByPriority):
    def __init__(self, group, given):
        self.config = SimpleNamespace(**given["config"])
        self.name = group + ":" + self.config.name
        self.become(given)

    def become(self, given):
        self.given = given
        self.state = getattr(ProcessStates, given["state"])
        self.pid = given["pid"]
        self.laststart, self.laststop = given["start"], given["stop"]
        self.spawnerr, self.exitstatus = given["spawnerr"], given["exitstatus"]
        self.killing = given["state"] == "STOPPING"

    def get_state(self):
        return self.state

    def get_execv_args(self):
        if self.given["command"] == "missing":
            raise NotFound("can't find command 'x'")
        if self.given["command"] == "directory":
            raise NotExecutable("command at '/x' is a directory")
        return "x", ["x"]

    def spawn(self):
        told.append("start " + self.name)
        if self.pid:
            return
        self.spawnerr = self.given["fails"]
        self.state = ProcessStates.BACKOFF if self.spawnerr else ProcessStates.STARTING
        self.pid = 0 if self.spawnerr else 77

    def transition(self):
        if self.given["quick"] and self.state == ProcessStates.STARTING:
            self.state = ProcessStates.RUNNING

    def stop(self):
        told.append("stop " + self.name)
        if self.given["broken"]:
            return self.given["broken"]
        self.killing = self.state != ProcessStates.BACKOFF
        self.state = ProcessStates.STOPPING if self.killing else ProcessStates.STOPPED

    def stop_report(self):
        pass

    def signal(self, number):
        told.append("signal %d %s" % (number, self.name))
        return self.given["broken"]

    def write(self, chars):
        told.append("write %s %s" % (chars.hex(), self.name))
        if self.given["broken"]:
            raise OSError(errno.EPIPE, "")

    def removelogs(self):
        told.append("clear " + self.name)
        if self.given["broken"]:
            raise OSError()


class Group(ByPriority):
    def __init__(self, given):
        self.config = SimpleNamespace(name=given["name"], priority=given["priority"])
        self.processes = {one["config"]["name"]: Process(given["name"], one) for one in given["processes"]}

    def get_unstopped_processes(self):
        return [process for process in self.processes.values() if process.state not in STOPPED_STATES]

    def before_remove(self):
        told.append("remove " + self.config.name)


def group_config(given):
    processes = [
        SimpleNamespace(**{name: Automatic if value == "AUTO" else value for name, value in process.items()})
        for process in given["processes"]
    ]

    def make_group():
        told.append("add " + given["name"])
        return Group({"name": given["name"], "priority": given["priority"], "processes": []})

    return SimpleNamespace(
        name=given["name"],
        priority=given["priority"],
        process_configs=processes,
        make_group=make_group,
        after_setuid=lambda: None,
    )


class Options(SimpleNamespace):
    logger = SimpleNamespace(handlers=[])

    def get_pid(self):
        return 1

    def exists(self, path):
        return os.path.exists(path)

    def remove(self, path):
        told.append("clear")
        if self.broken:
            raise OSError()

    def process_config(self, do_usage):
        told.append("reread")
        if self.broken:
            raise ValueError(self.broken)


class Daemon(Supervisor):
    def reap(self):
        pass

    def diff_to_active(self):
        new = [config.name for config in self.options.process_group_configs]
        named = lambda names: [SimpleNamespace(name=name) for name in names]
        added = named(name for name in new if name not in self.process_groups)
        return added, [], named(name for name in self.process_groups if name not in new)


def begin(given):
    global handler, daemon, pending
    pending = None
    daemon = Daemon(Options(mood=1, identifier="the server", logfile=given["main_log"], broken=given["broken"]))
    daemon.options.process_group_configs = [group_config(group) for group in given["configured"]]
    daemon.process_groups = {group["name"]: Group(group) for group in given["groups"]}
    methods = rpcinterface.SupervisorNamespaceRPCInterface(daemon)
    methods._now = lambda: given["now"]
    system = SystemNamespaceRPCInterface([("supervisor", methods)])
    handler = supervisor_xmlrpc_handler(daemon, [("supervisor", methods), ("system", system)])
    events.clear()
    events.subscribe(
        events.RemoteCommunicationEvent, lambda event: told.append("event %s %s" % (event.type, event.data))
    )


pending = None


def reply(ask):
    """What is asked for; nothing while it is deferred."""
    global pending
    try:
        value = ask()
        if isinstance(value, FunctionType):
            before, pending = pending, value
            answer = poll()
            # Ours may have had no need to wait.
            pending = pending or before
            return answer
    except RPCError as error:
        value = xmlrpclib.Fault(error.code, error.text)
    except Exception:
        return "500"
    return None if value is NOT_DONE_YET else xmlrpc_marshal(value)


def poll():
    """What is deferred is asked until nothing more comes of it."""
    global pending
    for _ in range(20):
        answer = reply(pending)
        if answer is not None:
            pending = None
            return answer


def act(do):
    if do["do"] == "begin":
        begin(do)
    elif do["do"] == "become":
        for group in daemon.process_groups.values():
            for process in group.processes.values():
                if process.name == do["process"]:
                    process.become(do["given"])
    elif do["do"] == "call":
        params, method = handler.loads(do["xml"])
        return reply(lambda: handler.call(method, params or ()))
    elif do["do"] == "poll" and pending:
        return poll()


for line in sys.stdin:
    told.clear()
    answer = act(json.loads(line))
    print(json.dumps({"reply": answer, "told": told}))
