"""Numerics in processes of their own, so that no event loop ever waits for them."""

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import ParamSpec, TypeVar

from mesh.refusal import Unavailable
from mesh.telemetry import gauge

_P = ParamSpec("_P")
_T = TypeVar("_T")

NICENESS = 10
"""Of patient workers: a tenth of the processor time of whoever competes, all of it where nobody does."""

JOBS = gauge("numeric_jobs", "Computations that wait for a worker process or run in one")

_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")


class NumericPool:
    """Spawned worker processes with one BLAS thread each; 0 workers compute in a thread of this process."""

    def __init__(self, workers: int = 1, *, patient: bool = False) -> None:
        """Prepare; processes start with the first job. Patient ones leave the processor to whoever answers callers."""
        self._workers = workers
        self._patient = patient
        self._executor = self._start()

    async def run(self, function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Return what a picklable function answers, run in a worker; its exceptions are raised here.

        Raises Unavailable where the worker died (killed, out of memory); the next job gets a new one.
        """
        executor = self._executor
        try:
            with JOBS.track_inprogress():
                return await asyncio.wrap_future(executor.submit(function, *args, **kwargs))
        except BrokenProcessPool as error:
            if self._executor is executor:
                self._executor = self._start()
            raise Unavailable("worker_died", "The computation was interrupted; try again.", retry_after=1.0) from error

    def close(self, *, wait: bool = True) -> None:
        """Stop the workers; jobs that wait are cancelled, and those that run are ended unless `wait`."""
        if not wait and isinstance(self._executor, ProcessPoolExecutor):
            # Python 3.14 has terminate_workers; before, the executor keeps its processes to itself.
            for process in list((self._executor._processes or {}).values()):
                process.terminate()
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _start(self) -> Executor:
        if self._workers == 0:
            return ThreadPoolExecutor(1, thread_name_prefix="numeric")
        # Children read these before they import numpy.
        for name in _ONE_THREAD:
            os.environ.setdefault(name, "1")
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self._workers, mp_context=context, initializer=_in_worker, initargs=(self._patient,))


def _in_worker(patient: bool) -> None:
    """Leave Ctrl-C to the parent, and end with it even when it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if patient:
        _step_back()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _step_back() -> None:
    """Run after others, and never interrupt them, where the system knows how."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    if hasattr(os, "sched_setscheduler"):
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
