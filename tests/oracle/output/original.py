"""Runs cases through supervisor's own classes, and prints what becomes of them, a JSON object a line.

A case is a JSON object a line on standard input. Bytes are in hexadecimal digits.
"""

import json
import os
import shutil
import sys
import tempfile

from supervisor import dispatchers, events, loggers, options


class Options:
    loglevel = loggers.LevelsByName.INFO
    strip_ansi = False

    def __init__(self):
        self.logger = loggers.getLogger()

    def getLogger(self):
        return loggers.getLogger()


class Config:
    name = "process"
    stdout_logfile = None
    stdout_logfile_maxbytes = 0
    stdout_logfile_backups = 0
    stdout_syslog = False
    stdout_events_enabled = True
    stderr_events_enabled = False

    def __init__(self, capture):
        self.options = Options()
        self.stdout_capture_maxbytes = capture


class Process:
    pid = 1
    group = None

    def __init__(self, config):
        self.config = config


class Log:
    """The log of a channel: tells what it hears."""

    handlers = ()

    def __init__(self, heard):
        self.heard = heard

    def info(self, data):
        self.heard.append(["log", data.hex()])


def dispatch(case):
    """What is logged and what is told to event listeners, in order."""
    heard = []
    events.callbacks[:] = [
        (events.ProcessLogStdoutEvent, lambda event: heard.append(["event", event.data.hex()])),
        (events.ProcessCommunicationEvent, lambda event: heard.append(["captured", event.data.hex()])),
    ]
    config = Config(case["capture"])
    config.options.strip_ansi = case["strip"]
    dispatcher = dispatchers.POutputDispatcher(Process(config), events.ProcessCommunicationStdoutEvent, 0)
    dispatcher.normallog = dispatcher.childlog = Log(heard)
    for chunk in case["chunks"]:
        dispatcher.output_buffer += bytes.fromhex(chunk)
        dispatcher.record_output()
    return heard


def rotate(case):
    """The files that are left after some writes, by name."""
    directory = tempfile.mkdtemp()
    try:
        maxbytes, logger = case["maxbytes"], loggers.getLogger()
        loggers.handle_file(logger, os.path.join(directory, "f"), "%(message)s", bool(maxbytes), maxbytes, case["backups"])
        for chunk in case["chunks"]:
            logger.info(bytes.fromhex(chunk))
        logger.close()
        files = {}
        for name in sorted(os.listdir(directory)):
            with open(os.path.join(directory, name), "rb") as file:
                files[name] = file.read().hex()
        return files
    finally:
        shutil.rmtree(directory)


def read(case):
    """What is read of a file, from there so far, both ways."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(bytes.fromhex(case["text"]))
        file.flush()
        results = []
        for offset, length in case["places"]:
            try:
                result = options.readFile(file.name, offset, length).hex()
            except ValueError as error:
                result = error.args[0]
            data, end, overflow = options.tailFile(file.name, offset, length)
            results.append([result, data.encode().hex(), end, overflow])
        return results


KINDS = {"dispatch": dispatch, "rotate": rotate, "read": read}

for line in sys.stdin:
    case = json.loads(line)
    print(json.dumps(KINDS[case["kind"]](case)))
