import pytest
from prometheus_client import CollectorRegistry, Counter, generate_latest

from gateway import __main__ as gateway
from gateway.settings import GatewaySettings
from mesh.merged_metrics import merged
from mesh.settings import SettingError, Settings
from mesh.worker_processes import Shared, Workers, hold, refuse, workers_of

AGGREGATION = Shared("aggregation_svc", "aggregation", {"aggregation_port": 0}, needs_bus=False)
GATEWAY = Shared("gateway", "gateway", {"gateway_port": 0}, needs_bus=True)


@pytest.mark.parametrize(
    ("arguments", "count"),
    [
        (["serve", "--workers", "4"], 4),
        (["serve", "--workers", "0"], None),
        (["serve", "--workers", "65"], None),
        (["serve", "--workers", "two"], None),
        (["serve"], None),
    ],
)
def test_the_number_of_workers_is_read_from_the_command(arguments, count):
    assert workers_of(arguments) == count


def test_sqlite_has_one_process():
    with pytest.raises(SettingError, match=r"^TTA_DATABASE_URL: SQLite has one writer"):
        refuse(AGGREGATION, Settings())
    refuse(AGGREGATION, Settings(database_url="postgresql://localhost/tta"))


def test_workers_that_wake_each_other_need_redis():
    with pytest.raises(SettingError, match=r"^TTA_REDIS_URL: is not set"):
        refuse(GATEWAY, Settings())
    refuse(GATEWAY, Settings(redis_url="redis://localhost/0"))


def test_a_port_on_which_somebody_listens_is_refused():
    with hold("127.0.0.1", 0, "TTA_AGGREGATION_PORT") as held:
        held.listen()
        with pytest.raises(SettingError, match="choose a free one"):
            hold("127.0.0.1", held.getsockname()[1], "TTA_AGGREGATION_PORT")


def test_what_each_worker_would_make_up_is_made_up_once_for_all(monkeypatch):
    monkeypatch.setenv("TTA_GATEWAY_SECRET_FILE", "/nowhere")
    shared = Shared("gateway", "gateway", {}, needs_bus=True, alike={"gateway_secret": "made up"})
    environment = Workers(shared, Settings(), 2)._environment()
    assert environment["TTA_GATEWAY_SECRET"] == "made up"
    assert "TTA_GATEWAY_SECRET_FILE" not in environment


def test_a_gateway_makes_a_secret_up_for_its_workers_only_where_none_is_set():
    secret = "a secret of at least thirty-two bytes"
    assert gateway.alike(GatewaySettings(auth_secret_key=secret)) == {}
    assert gateway.alike(GatewaySettings(gateway_secret=secret)) == {}
    made_up = [gateway.alike(GatewaySettings())["gateway_secret"] for _ in range(2)]
    assert len(set(made_up)) == 2
    assert all(GatewaySettings(gateway_secret=one) for one in made_up)


def test_series_of_several_processes_stay_apart_in_one_answer():
    registry = CollectorRegistry()
    Counter("calls", "Calls that came", ["method"], registry=registry).labels("Get").inc(3)
    text = generate_latest(registry).decode()
    lines = merged(CollectorRegistry(), {"0": text, "1": text}).decode().splitlines()
    assert lines.count("# TYPE calls_total counter") == 1
    assert 'calls_total{method="Get",worker="0"} 3.0' in lines
    assert 'calls_total{method="Get",worker="1"} 3.0' in lines
