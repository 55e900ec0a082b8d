"""A caller's type checker sees the types of the client and of the messages that it takes."""

from importlib import resources

import pytest


@pytest.mark.parametrize("package", ["mesh", "tta_analytics", "tta.analytics.v1"])
def test_the_package_says_that_it_is_typed(package: str) -> None:
    assert (resources.files(package) / "py.typed").is_file()
