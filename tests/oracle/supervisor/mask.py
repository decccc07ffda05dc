"""What differs from run to run though the daemons do the same: pids, times, temporary names, the directory of the run."""

import re

RULES = [
    # The dates of log lines, of descriptions, of HTTP.
    (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}", "TIME"),
    (r"[A-Z][a-z]{2} \d\d \d\d:\d\d [AP]M", "DATE"),
    (r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT", "DATE"),
    (r"[A-Z][a-z]{2}( |%20)[A-Z][a-z]{2}( |%20)+\d+( |%20)\d\d(:|%3A)\d\d(:|%3A)\d\d( |%20)\d{4}", "DATE"),
    (r"uptime \d+:\d\d:\d\d", "uptime TIME"),
    (r"when:\d+", "when:TIME"),
    # Pids, behind the words that announce them.
    (r"\b(pid[ :=]*)[1-9]\d*", r"\1PID"),
    (r"('(?:pid|start|stop|now)': )[1-9]\d*", r"\1N"),
    (r"\(\d+\) with SIG", "(PID) with SIG"),
    (r"(supervisord\.pid|\.sock)\.\d+", r"\1.PID"),
    # What a program finds ignored is told by the tests of PID 1: Python ignores SIGPIPE and SIGXFSZ, and hands that on.
    (r"(SigIgn:\s+)[0-9a-f]+", r"\1SIGNALS"),
    # AUTO logs.
    (r"(-(?:stdout|stderr)---[^/]*?-)[a-z0-9_]{8}\.log", r"\1XXXXXXXX.log"),
    (r"VENV/lib/python[\d.]+/site-packages/supervisor/options\.py:\d+: UserWarning", "UserWarning"),
    # Where in its own code the original went wrong.
    (r"Server Error: .*", "Server Error"),
    (r" file: \S+\.py line: \d+", " file: FILE line: N"),
    # Why a request cannot be read.
    (r"(' is invalid): .*", r"\1"),
    (r" at 0x[0-9a-f]+", " at ADDRESS"),
]
RULES = [(re.compile(pattern), text) for pattern, text in RULES]


# The length of an event counts the digits of a pid.
LENGTH = re.compile(r"len:(\d+)(.*? pid:)(\d+)")


def without_pid(found):
    return f"len:{int(found[1]) - len(found[3])}{found[2]}{found[3]}"


class Mask:
    """Masks what is known only when it runs by `hide`, all else by RULES."""

    def __init__(self):
        self.words = []

    def hide(self, word, name):
        self.words.append((str(word), name))
        # Longer words first: one may be the beginning of another.
        self.words.sort(key=lambda pair: -len(pair[0]))

    def __call__(self, text):
        for word, name in self.words:
            text = text.replace(word, name)
        text = LENGTH.sub(without_pid, text)
        for pattern, replacement in RULES:
            text = pattern.sub(replacement, text)
        return text
