import pytest

from gateway.transcoding.paths import Match, Router, WrongMethod, parse
from mesh.refusal import InvalidArgument


def router(*templates: str) -> Router[str]:
    found: Router[str] = Router()
    for each in templates:
        method, path = each.split()
        found.add(method, parse(path), each)
    return found


def target(found: object) -> str:
    assert isinstance(found, Match)
    return found.target


def test_a_literal_segment_wins_over_a_variable_whatever_the_order_of_the_routes():
    routes = router("GET /alerts/{alert_id}", "GET /alerts/stream", "GET /alerts/{alert_id}/events")
    assert target(routes.find("GET", "/alerts/stream")) == "GET /alerts/stream"
    assert target(routes.find("GET", "/alerts/stream/events")) == "GET /alerts/{alert_id}/events"


def test_a_custom_verb_is_not_swallowed_by_the_id():
    routes = router("POST /alerts/{alert_id}:resolve", "GET /alerts/{alert_id}")
    found = routes.find("POST", "/alerts/a-1:resolve")
    assert isinstance(found, Match)
    assert found.values == {"alert_id": "a-1"}


def test_a_verb_on_a_literal_is_another_path_than_the_literal():
    routes = router("GET /cohorts", "GET /cohorts:compare")
    assert target(routes.find("GET", "/cohorts:compare")) == "GET /cohorts:compare"
    assert target(routes.find("GET", "/cohorts")) == "GET /cohorts"


def test_an_id_may_hold_a_colon_where_no_such_verb_exists():
    found = router("GET /consents/{user_id}").find("GET", "/consents/auth0:42")
    assert isinstance(found, Match)
    assert found.values == {"user_id": "auth0:42"}


def test_a_percent_encoded_slash_or_verb_belongs_to_the_id():
    routes = router("GET /x/{id}", "GET /x/{id}:run")
    found = routes.find("GET", "/x/a%2Fb%3Arun")
    assert isinstance(found, Match)
    assert found.target == "GET /x/{id}"
    assert found.values == {"id": "a/b:run"}


@pytest.mark.parametrize("path", ["/x/%ff", "/x/Zo%eb", "/x/%ED%A0%80"])
def test_an_id_that_is_no_utf_8_is_refused_rather_than_taken_for_another(path: str):
    with pytest.raises(InvalidArgument):
        router("GET /x/{id}").find("GET", path)


def test_a_path_under_another_method_names_the_methods():
    assert router("GET /x", "POST /x").find("DELETE", "/x") == WrongMethod(("GET", "POST"))


@pytest.mark.parametrize("path", ["/", "/x/", "/y", "/x/a/b", "/x/a:walk/c"])
def test_an_unknown_path_is_nobody_s(path: str):
    assert router("GET /x/{id}").find("GET", path) is None


def test_two_templates_for_the_same_paths_are_a_mistake_of_the_protos():
    with pytest.raises(ValueError, match="take the same paths"):
        router("GET /x/{a}", "GET /x/{b}")


@pytest.mark.parametrize("path", ["x", "/x/{a=**}", "/x/*", "/{a}{b}"])
def test_a_template_that_is_not_served_is_refused(path: str):
    with pytest.raises(ValueError, match=r"served|slash"):
        parse(path)
