"""A release by its whole way, in a process of its own: sums, noise, rows of players, segments, charge and answer.

`python -m benchmarks.scale.peak DATABASE_URL` prints seconds, and by how much the most memory that the process and its
numerics worker ever held grew over what they held before the facts were read.
"""

import asyncio
import json
import secrets
import time
from datetime import timedelta

import numpy as np

from aggregation_svc.adapters.ledger import Ledger
from aggregation_svc.adapters.mechanism import PooledMechanism
from aggregation_svc.adapters.period_facts import SqlPeriodFacts
from aggregation_svc.adapters.release_store import SqlReleases
from aggregation_svc.adapters.tables import answered_requests, privacy_audit_log
from aggregation_svc.domain.patterns.release import VALUE, BoundedRows
from aggregation_svc.domain.periods import Grain, Period
from aggregation_svc.domain.privacy.accountant import MICRO
from aggregation_svc.domain.release_plan import MEASURES, MONTHLY_PLAN, RESOLUTION
from aggregation_svc.ports import Actor
from aggregation_svc.usecases.answered_once import AnsweredOnce
from aggregation_svc.usecases.create_release import CreateRelease, ReleaseTerms
from benchmarks.asked import command_line
from benchmarks.population import FOCUSES, MONTH
from benchmarks.scale.memory import peak_mb
from mesh.audit import AuditLog
from mesh.database import Database
from mesh.idempotency import Idempotency
from mesh.workers import NumericPool

PERIOD = Period(MONTH, Grain.MONTH)
WARM = 5_000
"""Players that are segmented before, so that the worker has imported all that it needs."""
CLOSED = timedelta(days=-3650)
"""A grace that has every period closed, whatever the clock says."""


async def measured(url: str) -> dict[str, float]:
    """Release the month before, which holds nothing, then the month that does."""
    database, pool = Database(url), NumericPool(1)
    audit = AuditLog(privacy_audit_log, secrets.token_bytes(32))
    requests = Idempotency(answered_requests, key=secrets.token_bytes(32))
    releases = SqlReleases(database, Ledger(database, 12 * MICRO), audit, requests)
    mechanism = PooledMechanism(pool)
    terms = ReleaseTerms(MONTHLY_PLAN, FOCUSES, 10, CLOSED)
    create = CreateRelease(releases, SqlPeriodFacts(database), mechanism, terms, AnsweredOnce(releases))
    actor = Actor("benchmark", administrator=True)
    warm = np.random.default_rng(1).integers(0, RESOLUTION + 1, (WARM, len(MEASURES))).astype(VALUE)
    await mechanism.patterns(BoundedRows(warm), MONTHLY_PLAN.patterns_micro, Grain.MONTH)
    await create(actor, Grain.MONTH, PERIOD.previous.start)
    service, worker = peak_mb(), await pool.run(peak_mb)
    began = time.perf_counter()
    await create(actor, Grain.MONTH, PERIOD.start)
    taken = time.perf_counter() - began
    found = {
        "whole release s": taken,
        "whole release, peak memory mb": peak_mb(),
        "whole release, peak memory growth mb": peak_mb() - service,
        "whole release, peak memory growth of its worker mb": await pool.run(peak_mb) - worker,
    }
    pool.close()
    await database.close()
    return found


if __name__ == "__main__":
    parser = command_line("benchmarks.scale.peak", __doc__)
    parser.add_argument("url", metavar="DATABASE_URL")
    print(json.dumps(asyncio.run(measured(parser.parse_args().url))))
