"""ear.py FILE [ANSWER...]: a listener that writes what it hears into FILE, a line for each event, and answers OK.

With answers it gives these instead, one after another, and OK at last: FAIL, GARBAGE, SILENT, DIE, SLOW; or NOREADY, TWICE before all."""

import sys
import time

answers = sys.argv[2:]
out = sys.stdout.buffer


def say(text):
    out.write(text)
    out.flush()


if answers[:1] == ["NOREADY"]:
    say(b"HELLO\n")
    time.sleep(1000)
if answers[:1] == ["TWICE"]:
    answers.pop(0)
    say(b"READY\nREADY\n")
    time.sleep(1000)
while True:
    say(b"READY\n")
    line = sys.stdin.buffer.readline()
    if not line:
        break
    head = line.decode()
    fields = dict(pair.split(":", 1) for pair in head.split())
    # The length is told in characters.
    payload = b""
    while len(payload.decode(errors="ignore")) < int(fields["len"]):
        payload += sys.stdin.buffer.read(1)
    with open(sys.argv[1], "a") as heard:
        is_plain = b"\n" not in payload and max(payload, default=0) < 127
        heard.write(f"{head.strip()} | {payload.decode() if is_plain else repr(payload)}\n")
    answer = answers.pop(0) if answers else "OK"
    if answer == "SLOW":
        time.sleep(1.5)
        answer = "OK"
    if answer == "DIE":
        sys.exit(3)
    if answer == "SILENT":
        time.sleep(1000)
    if answer == "GARBAGE":
        say(b"WHAT\n")
        time.sleep(1000)
    say(b"RESULT %d\n%s" % (len(answer), answer.encode()))
