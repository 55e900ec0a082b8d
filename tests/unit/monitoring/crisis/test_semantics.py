"""The semantic judgement on made vectors."""

import numpy as np
import pytest

from monitoring_svc.domain.crisis import Category, CrisisDecision, Layer, Severity, analyse
from monitoring_svc.domain.crisis.semantics import (
    CATEGORIES,
    Prototypes,
    SemanticJudge,
    Thresholds,
    Vector,
    join,
    needs_meaning,
)

DANGER, HARMLESS, UNKNOWN = (np.stack([np.eye(3, dtype=np.float32)[row]] * 2) for row in range(3))


@pytest.fixture
def judge() -> SemanticJudge:
    kind = CATEGORIES.index(Category.ABUSE)
    return SemanticJudge(
        Prototypes(
            np.stack([DANGER] * 3 + [HARMLESS] * 3, axis=2),
            np.zeros((2, 3), dtype=np.float32),
            np.array([2, 2, 2, 0, 0, 0], dtype=np.int8),
            np.array([kind] * 3 + [-1] * 3, dtype=np.int8),
            np.array([2, 0, 0, -2, 0, 0], dtype=np.float32),
            {"gloomy": (2.0, 0.5), "gloomy day": (3.0, -0.5)},
            0.0,
        )
    )


def _decided(judge: SemanticJudge, vector: Vector, message: str = "a message") -> CrisisDecision | None:
    analysis = analyse([message])
    return judge.decide(judge.meaning(vector, analysis.reading.texts), analysis, len(message))


def test_near_to_danger_is_a_decision_of_the_kind_and_severity_of_its_neighbours(judge: SemanticJudge) -> None:
    decision = _decided(judge, DANGER)

    assert decision is not None
    assert (decision.category, decision.severity, decision.layer) == (Category.ABUSE, Severity.HIGH, Layer.SEMANTIC)
    assert decision.score >= 0.5


def test_near_to_a_harmless_look_alike_is_none(judge: SemanticJudge) -> None:
    assert _decided(judge, HARMLESS) is None


def test_far_from_everything_is_none(judge: SemanticJudge) -> None:
    assert _decided(judge, UNKNOWN) is None


def test_a_word_of_the_rules_lets_a_farther_meaning_count(judge: SemanticJudge) -> None:
    tilted = (0.75 * DANGER + np.sqrt(1 - 0.75**2) * UNKNOWN).astype(np.float32)
    level = judge.meaning(tilted, []).head
    judge = SemanticJudge(judge.prototypes, Thresholds(high=level + 0.05, with_finding=0.1))

    assert _decided(judge, tilted) is None
    assert _decided(judge, tilted, "there was blood") is not None


def test_a_higher_threshold_hears_less(judge: SemanticJudge) -> None:
    strict = SemanticJudge(judge.prototypes, Thresholds(high=0.999))

    assert _decided(strict, DANGER) is None


def test_another_language_counts_only_with_a_word_of_the_rules(judge: SemanticJudge) -> None:
    assert _decided(judge, DANGER, "ich habe heute nicht viel zu tun") is None


def test_words_move_the_judgement_as_the_cosine_of_their_weights(judge: SemanticJudge) -> None:
    without, word, pair = (judge.meaning(UNKNOWN, texts).head for texts in (["a"], ["gloomy", "."], ["gloomy", "day"]))

    assert word > without
    assert pair == pytest.approx(judge.meaning(UNKNOWN, ["gloomy", ".", "day"]).head)
    assert pair < word


def test_a_plainly_harmless_meaning_takes_back_what_the_rules_decided_unless_it_is_imminent(
    judge: SemanticJudge,
) -> None:
    meaning = judge.meaning(HARMLESS, [])

    assert judge.takes_back(meaning, analyse(["i want to die"]))
    assert not judge.takes_back(judge.meaning(DANGER, []), analyse(["i want to die"]))
    assert not judge.takes_back(meaning, analyse(["i am going to kill myself tonight"]))
    assert not judge.takes_back(meaning, analyse(["what a lovely scene"]))


def test_the_semantic_layer_is_not_asked_where_it_cannot_change_the_outcome() -> None:
    assert needs_meaning(analyse(["what a lovely scene"]))
    assert needs_meaning(analyse(["i want to die"]))
    assert not needs_meaning(analyse(["i am going to kill myself tonight"]))
    assert not needs_meaning(analyse([""]))
    assert not needs_meaning(analyse(["ich habe heute nicht viel zu tun"]))


def test_joined_each_layer_adds_and_the_rules_name_the_kind() -> None:
    rules = CrisisDecision(Category.ABUSE, Severity.HIGH, 0.8, Layer.RULES)
    semantic = CrisisDecision(Category.SELF_HARM, Severity.MODERATE, 0.6, Layer.SEMANTIC)

    both = join(rules, semantic)

    assert join(None, None) is None
    assert join(rules, None) is rules
    assert join(None, semantic) is semantic
    assert both is not None
    assert (both.category, both.severity, both.layer) == (Category.ABUSE, Severity.HIGH, Layer.JOINED)
    assert both.score > rules.score
