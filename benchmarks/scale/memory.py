"""The most memory that a process ever held."""

from pathlib import Path


def peak_mb() -> float:
    """Return this process's own peak of resident memory. Linux only.

    Not `ru_maxrss`: a process that was started by another takes over what that one had held.
    """
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    (peak,) = (line for line in lines if line.startswith("VmHWM:"))
    return int(peak.split()[1]) / 2**10
