"""Rendered answers are kept by what the service answered, and no more than fits."""

from gateway.bodies import Bodies


class Renderer:
    def __init__(self) -> None:
        self.times = 0

    async def __call__(self) -> bytes:
        self.times += 1
        return b'{"n": %d}' % self.times


async def test_an_answer_is_rendered_once() -> None:
    bodies, render = Bodies(), Renderer()
    first = await bodies.get("/releases", b"answer", render)
    assert await bodies.get("/releases", b"answer", render) is first
    assert render.times == 1


async def test_another_answer_or_another_call_is_rendered_anew() -> None:
    bodies, render = Bodies(), Renderer()
    await bodies.get("/releases", b"answer", render)
    await bodies.get("/releases", b"changed", render)
    await bodies.get("/cohorts", b"answer", render)
    assert render.times == 3


async def test_what_was_used_least_recently_goes_first() -> None:
    bodies, render = Bodies(capacity=20), Renderer()
    for name in (b"a" * 10, b"b" * 10, b"a" * 10, b"c" * 10):
        await bodies.get("/releases", name, render)
    assert render.times == 3
    await bodies.get("/releases", b"a" * 10, render)
    assert render.times == 3
    await bodies.get("/releases", b"b" * 10, render)
    assert render.times == 4
