"""Answers questions about CPython and supervisor: a JSON array a line in, [true, answer] or [false, message] a line out."""

import json
import os
import shlex
import sys
import tempfile

from supervisor import datatypes, options


def ini(texts):
    """Reads texts as supervisord reads its file and the included ones: [name, text, directory for %(here)s]."""
    parser = options.UnhosedConfigParser()
    for number, (name, text, here) in enumerate(texts):
        with open(name, "wb") as file:
            file.write(text.encode())
        if number == 0:
            with open(name, "r", encoding="utf-8") as file:
                parser.read_file(file)
        else:
            parser.read(name, encoding="utf-8")
        parser.expand_here(here)
    main = texts[0][0]
    return [
        [section, [list(item) for item in parser.items(section)], parser.section_to_file.get(section, main)]
        for section in parser.sections()
    ]


def expand(value, names, what):
    return options.expand(value, dict(names), what)


def fcgi_socket(value):
    config = server.parse_fcgi_socket(value, None, None, None, None)
    return ["unix", config.path] if hasattr(config, "path") else ["tcp", config.host, config.port]


def account(name):
    """In place of name_to_uid and name_to_gid, whose answers are not of text alone."""
    try:
        return ["id", clamped(int(name))]
    except ValueError:
        return ["name", name]


def clamped(value):
    """Ours are 64 bits wide."""
    if isinstance(value, int) and not isinstance(value, bool):
        return max(-(2**63), min(2**63 - 1, value))
    if isinstance(value, (list, tuple)):
        return [clamped(item) for item in value]
    named = {
        datatypes.Automatic: "auto",
        datatypes.Syslog: "syslog",
        datatypes.RestartUnconditionally: "always",
        datatypes.RestartWhenExitUnexpected: "unexpected",
    }
    return named.get(value, value) if isinstance(value, type) else value


# What looks at the file system or at the users is not of text alone.
datatypes.existing_dirpath = lambda path: ["path", path]
datatypes.name_to_uid = datatypes.name_to_gid = account
options.normalize_path = lambda path: path
server = options.ServerOptions()

OTHERS = {
    "ini": ini,
    "decode": lambda numbers: bytes(numbers).decode(),
    "expand": expand,
    "split": shlex.split,
    "repr": repr,
    "pairs": lambda text: list(map(list, datatypes.dict_of_key_value_pairs(text).items())),
    "fcgi_socket": fcgi_socket,
}

with tempfile.TemporaryDirectory() as directory:
    os.chdir(directory)
    for line in sys.stdin:
        what, *arguments = json.loads(line)
        try:
            answer = [True, clamped((OTHERS.get(what) or getattr(datatypes, what))(*arguments))]
        except Exception as error:
            answer = [False, str(error)]
        print(json.dumps(answer))
    os.chdir("/")
