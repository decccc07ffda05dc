"""What the original's pools, listeners, events and ticks do with what event.rs hands them: JSON, a line in, a line out."""

import errno
import json
import sys
from types import SimpleNamespace

from supervisor import events
from supervisor.datatypes import list_of_strings
from supervisor.dispatchers import PEventListenerDispatcher, default_handler
from supervisor.process import EventListenerPool, Subprocess
from supervisor.states import ProcessStates, getEventListenerStateDescription
from supervisor.supervisord import Supervisor

notes, sent = [], []


class Logger:
    def __getattr__(self, level):
        return lambda text, *args, **kwargs: notes.append([level, text])


options = SimpleNamespace(logger=Logger(), identifier="the server", loglevel=0, strip_ansi=False)


class Listener(Subprocess):
    broken = False

    def write(self, chars):
        if self.broken:
            raise OSError(errno.EPIPE, "")
        sent.append([self.config.name, chars.hex()])


class ListenerConfig:
    stdout_logfile = None

    def __init__(self, name, priority):
        self.name, self.priority, self.options = name, priority, options

    def make_process(self, group):
        process = Listener(self)
        process.group = group
        restart(process)
        return process


def restart(process):
    process.state = ProcessStates.RUNNING
    process.dispatcher = PEventListenerDispatcher(process, "stdout", 0)


def pool(number, given):
    # A rejected event goes to every pool with a listener of the same priority; ours keeps to its own.
    processes = [ListenerConfig(name, number) for name in given["listeners"]]
    config = SimpleNamespace(
        name=given["name"],
        options=options,
        priority=number,
        process_configs=processes,
        buffer_size=given["buffer_size"],
        pool_events=[getattr(events.EventTypes, name) for name in list_of_strings(given["events"])],
        result_handler=default_handler,
    )
    return EventListenerPool(config)


def event(given):
    process = SimpleNamespace(
        config=SimpleNamespace(name=given.get("process")),
        group=SimpleNamespace(config=SimpleNamespace(name=given.get("group"))),
        pid=given.get("pid"),
        backoff=given.get("tries"),
    )
    kind = getattr(events.EventTypes, given["type"])
    if issubclass(kind, events.ProcessStateEvent):
        return kind(process, getattr(ProcessStates, given["from"]), given["expected"])
    if issubclass(kind, (events.ProcessLogEvent, events.ProcessCommunicationEvent)):
        return kind(process, given["pid"], bytes.fromhex(given["data"]))
    if issubclass(kind, events.RemoteCommunicationEvent):
        return kind(given["kind"], given["text"])
    if issubclass(kind, events.ProcessGroupEvent):
        return kind(given["group"])
    return kind()


pools = {}
daemon = Supervisor(options)


def act(do):
    if do["do"] == "begin":
        events.clear()
        events.subscribe(events.Event, lambda event: None)
        sys.modules["supervisor.process"].GlobalSerial.serial = -1
        daemon.ticks = {}
        pools.clear()
        for number, given in enumerate(do["pools"]):
            pools[given["name"]] = pool(number, given)
    elif do["do"] == "event":
        events.notify(event(do))
    elif do["do"] == "tick":
        daemon.tick(do["now"])
    elif do["do"] == "dispatch":
        pools[do["pool"]].dispatch()
        # An event that nobody takes is put back with a note, too.
        notes[:] = [note for note in notes if not note[1].startswith("rebuffering")]
    else:
        process = pools[do["pool"]].processes[do["listener"]]
        if do["do"] == "hear":
            options.readfd = lambda fd: bytes.fromhex(do["data"])
            process.dispatcher.handle_read_event()
            notes[:] = [note for note in notes if " stdout output:\n" not in note[1]]
        elif do["do"] == "is":
            process.state = ProcessStates.RUNNING if do["running"] else ProcessStates.STARTING
            process.broken = do["broken"]
        elif do["do"] == "end":
            if process.event is not None:
                events.notify(events.EventRejectedEvent(process, process.event))
            restart(process)


for line in sys.stdin:
    notes.clear()
    sent.clear()
    act(json.loads(line))
    states = [
        getEventListenerStateDescription(process.listener_state)
        for one in pools.values()
        for process in one.processes.values()
    ]
    waiting = [len(one.event_buffer) for one in pools.values()]
    print(json.dumps({"notes": notes, "sent": sent, "states": states, "waiting": waiting}))
