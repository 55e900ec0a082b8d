import asyncio
import math
import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from mesh.refusal import Unavailable
from mesh.workers import NICENESS, NumericPool


@pytest.fixture(scope="module")
def pool():
    pool = NumericPool(1)
    yield pool
    pool.close()


async def test_work_runs_in_another_process(pool):
    assert await pool.run(os.getpid) != os.getpid()
    assert await pool.run(math.comb, 10, 3) == 120


async def test_an_error_of_the_work_is_raised_here(pool):
    with pytest.raises(ZeroDivisionError):
        await pool.run(divmod, 1, 0)


async def test_each_worker_has_one_blas_thread(pool):
    assert await pool.run(os.getenv, "OPENBLAS_NUM_THREADS") == "1"


async def test_patient_workers_run_after_others_and_never_interrupt_them():
    pool = NumericPool(1, patient=True)
    assert await pool.run(os.nice, 0) == min(19, os.nice(0) + NICENESS)
    assert await pool.run(os.sched_getscheduler, 0) == os.SCHED_BATCH
    pool.close()


async def test_a_worker_that_dies_is_replaced(pool):
    with pytest.raises(Unavailable):
        await pool.run(os._exit, 1)
    assert await pool.run(math.comb, 10, 3) == 120


async def test_a_job_that_runs_is_ended_by_closing_without_waiting():
    pool = NumericPool(1)
    assert await pool.run(math.comb, 10, 3) == 120
    job = asyncio.create_task(pool.run(time.sleep, 600.0))
    async with asyncio.timeout(60):
        await asyncio.sleep(0)
        pool.close(wait=False)
        with pytest.raises((Unavailable, asyncio.CancelledError)):
            await job


async def test_without_workers_it_runs_in_a_thread():
    pool = NumericPool(0)
    assert await pool.run(os.getpid) == os.getpid()
    pool.close()


def test_workers_end_with_a_parent_that_is_killed(tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(
        textwrap.dedent(
            """
            import asyncio, os, sys, time
            from mesh.workers import NICENESS, NumericPool
            async def main():
                print(await NumericPool(1).run(os.getpid), flush=True)
                time.sleep(60)
            if __name__ == "__main__":
                asyncio.run(main())
            """
        )
    )
    environment = os.environ | {"PYTHONPATH": ":".join(sys.path)}
    parent = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True, env=environment)
    assert int(parent.stdout.readline()) != parent.pid
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    # The pipe closes when nobody holds it any more: the worker has ended too.
    assert parent.stdout.read() == ""
    parent.stdout.close()
