"""Releases are packed once for all reports, and unpacked once by each worker."""

import asyncio
from dataclasses import replace

from benchmarks.report_snapshots import snapshot
from reporting_svc.adapters.parcels import KEPT, Packing, unpack


async def test_a_release_is_packed_once_however_many_reports_show_it():
    packing, releases = Packing(), snapshot().releases
    first, second = await packing.pack(releases), await packing.pack(releases[2:])
    assert all(one is other for one, other in zip(first[2:], second, strict=True))
    assert unpack(first) == releases


async def test_a_worker_unpacks_a_release_once():
    packed = await Packing().pack(snapshot().releases)
    assert unpack(packed)[0] is unpack(packed)[0]


async def test_another_release_of_the_same_id_is_packed_anew():
    packing, (release, *_) = Packing(), snapshot().releases
    await packing.pack([release])
    changed = replace(release, epsilon=release.epsilon + 1)
    assert unpack(await packing.pack([changed])) == (changed,)


async def test_others_get_a_turn_between_two_releases():
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(other())
    releases = snapshot().releases
    await Packing().pack(releases)
    task.cancel()
    assert turns >= len(releases) - 1


async def test_the_oldest_are_forgotten_first():
    packing, (release, *_) = Packing(), snapshot().releases
    many = [replace(release, release_id=f"r-{number}") for number in range(KEPT + 1)]
    await packing.pack(many)
    assert list(packing.kept) == [one.release_id for one in many[1:]]
