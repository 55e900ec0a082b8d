"""Both layers joined, whatever is said and however long it is."""

import threading

from monitoring_svc.adapters.no_semantic_layer import NoSemanticLayer
from monitoring_svc.domain.crisis import Category, CrisisDecision, Layer, Severity
from monitoring_svc.domain.crisis_assessment import CrisisLayer
from monitoring_svc.ports import CrisisRecogniser, Failures
from monitoring_svc.usecases.crisis_assessment import QUICK, CrisisAssessor

DECIDED = CrisisDecision(Category.SELF_HARM, Severity.IMMINENT, 1.0, Layer.RULES)


class Listening(CrisisRecogniser):
    """Says in which thread it was asked."""

    def __init__(self):
        self.threads = []

    def decide(self, messages):
        self.threads.append(threading.get_ident())
        return DECIDED


class Counted(Failures):
    def __init__(self):
        self.heard = []

    def failed(self, what, error):
        self.heard.append(what)


async def test_a_short_message_is_read_at_once_and_a_long_one_beside_the_event_loop():
    rules = Listening()
    assessor = CrisisAssessor(rules, NoSemanticLayer(), Counted(), 0.2)
    for text in ("a" * QUICK, "a" * (QUICK + 1)):
        assessed = await assessor.assess([text])
        assert assessed is not None
        assert assessed.decision == DECIDED
    here = threading.get_ident()
    assert [one == here for one in rules.threads] == [True, False]


async def test_the_keywords_stand_in_for_a_rule_layer_that_raises_on_a_long_message():
    class Broken(CrisisRecogniser):
        def decide(self, messages):
            raise RuntimeError("broken")

    failures = Counted()
    assessor = CrisisAssessor(Broken(), NoSemanticLayer(), failures, 0.2)
    assessed = await assessor.assess(["i want to kill myself tonight " + "a" * QUICK])
    assert assessed is not None
    assert assessed.decision is not None
    assert assessed.rule_layer is CrisisLayer.FAILED
    assert failures.heard == ["crisis_rule_layer"]
