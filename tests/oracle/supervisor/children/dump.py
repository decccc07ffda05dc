"""Tells what it was given: arguments, environment, directory, umask, descriptors, limits, group, user."""

import os
import resource
import sys

print("arguments", sys.argv[1:])
for name in sorted(os.environ):
    print("environment", name, repr(os.environ[name]))
print("directory", os.getcwd())
mask = os.umask(0)
print(f"umask {mask:03o}")
for number in sorted(map(int, os.listdir("/proc/self/fd"))):
    try:
        target = os.readlink(f"/proc/self/fd/{number}")
    except OSError:
        continue  # the one that the list was read from
    print("descriptor", number, target.split("[")[0].rstrip(":"))
for line in open("/proc/self/status"):
    if line.startswith(("Groups", "Uid", "Gid")):
        print(line.rstrip())
print("leads its group", os.getpgrp() == os.getpid(), "leads its session", os.getsid(0) == os.getpid())
for name in ("NOFILE", "NPROC", "CORE"):
    print("limit", name, *resource.getrlimit(getattr(resource, "RLIMIT_" + name)))
sys.stdout.flush()
import time

time.sleep(1000)
