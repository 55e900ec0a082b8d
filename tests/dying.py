"""`dying.py USER GROUP COMMAND...`: become a command that is told to stop when the process that started it is gone."""

import ctypes
import os
import signal
import sys

user, group = int(sys.argv[1]), int(sys.argv[2])
if user >= 0:
    os.setgroups([])
    os.setgid(group)
    os.setuid(user)
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, signal.SIGINT)
os.execv(sys.argv[3], sys.argv[3:])
