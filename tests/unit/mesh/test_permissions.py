import pytest
from tta.analytics.v1 import access_pb2

from mesh.permissions import ANONYMOUS, ROLES, permissions_of
from mesh.protos import enum_name

NAMES = {enum_name(access_pb2.Permission, number) for number in access_pb2.Permission.values()} - {""}

# The table of the design, permission by permission.
HOLDERS = {
    "view_anonymized_data": {"therapist", "researcher", "admin"},
    "export_anonymized_data": {"researcher", "admin"},
    "manage_releases": {"admin", "scheduler"},
    "train_models": {"researcher", "admin"},
    "manage_reports": {"researcher", "therapist", "admin"},
    "view_patient_progress": {"therapist", "admin"},
    "access_crisis_protocols": {"therapist", "admin"},
    "manage_silences": {"therapist", "admin"},
    "manage_rules": {"admin"},
    "manage_notifications": {"admin"},
    "subscribe_alerts": {"service", "admin"},
    "ingest": {"service", "admin"},
    "access_audit_logs": {"admin"},
    "view_operations": {"admin", "operator"},
}


@pytest.mark.parametrize("permission", sorted(NAMES))
def test_each_permission_belongs_to_exactly_its_roles(permission):
    assert {role for role, permissions in ROLES.items() if permission in permissions} == HOLDERS[permission]


def test_a_role_without_a_list_has_its_whole_ceiling():
    assert permissions_of("therapist", None) == ROLES["therapist"]


def test_a_list_narrows_what_tta_has_names_for():
    assert permissions_of("therapist", ["view_patient_progress"]) == {
        "view_patient_progress",
        "manage_reports",
        "manage_silences",
    }


def test_a_list_that_names_one_of_ours_narrows_everything():
    assert permissions_of("researcher", ["train_models", "ingest"]) == {"train_models"}


def test_nothing_beyond_the_ceiling_can_be_listed():
    for role, ceiling in ROLES.items():
        assert permissions_of(role, sorted(NAMES)) == ceiling


def test_players_moderators_and_unknown_roles_have_nothing():
    for role in ("player", "moderator", "emperor", ""):
        assert permissions_of(role, sorted(NAMES)) == frozenset()
        assert permissions_of(role, None) == frozenset()


def test_anonymous_callers_change_no_rules_read_no_audit_and_train_nothing():
    assert NAMES >= ANONYMOUS
    closed = {"manage_rules", "manage_notifications", "manage_silences", "access_audit_logs", "train_models"}
    assert NAMES - closed == ANONYMOUS
