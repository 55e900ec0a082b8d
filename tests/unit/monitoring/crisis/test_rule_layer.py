"""The rule layer, meaning by meaning."""

import pytest

from monitoring_svc.domain.crisis import Category, Severity, recognise


@pytest.mark.parametrize(
    ("message", "category", "least"),
    [
        ("I want to die", Category.SUICIDAL_IDEATION, Severity.HIGH),
        ("everyone would be better off without me", Category.SUICIDAL_IDEATION, Severity.MODERATE),
        ("I am going to kill myself tonight", Category.SUICIDAL_IDEATION, Severity.IMMINENT),
        ("I cut myself again last night", Category.SELF_HARM, Severity.HIGH),
        ("my stepdad comes into my room at night", Category.ABUSE, Severity.HIGH),
        ("mixed xans and vodka and i cant feel my legs", Category.SUBSTANCE_EMERGENCY, Severity.IMMINENT),
        ("haven't eaten in 6 days and passed out", Category.EATING_DISORDER_EMERGENCY, Severity.HIGH),
        ("my chest hurts cannot breathe arm numb", Category.MEDICAL_EMERGENCY, Severity.IMMINENT),
        ("my best friend says he will kill himself tonight", Category.SUICIDAL_IDEATION, Severity.IMMINENT),
    ],
)
def test_each_kind_of_danger_is_heard(message: str, category: Category, least: Severity) -> None:
    decision = recognise([message])

    assert decision is not None
    assert decision.category is category
    assert decision.severity >= least


@pytest.mark.parametrize(
    "message",
    [
        "iwanttodie",
        "i wnat to dei",
        "I W4NT TO D1E",
        "i want to d i e",
        "i want to k*ll myself",
        "Ｉ ｗａｎｔ ｔｏ ｄｉｅ",
        "i wаnt to diе",  # two Cyrillic letters
        "i want to di\u0301e\u0308",
        "i want to\u200b die",
        "i want to dieeeee",
    ],
)
def test_a_disguise_is_seen_through(message: str) -> None:
    assert recognise([message]) is not None


@pytest.mark.parametrize(
    ("safe", "crisis"),
    [
        ("I would never hurt myself", "I hurt myself"),
        ("I don't want to die", "I can't stop wanting to die, I want to die"),
        ("I used to cut, three years clean now", "I used to be clean but I am cutting again"),
        ("my character wants to die in chapter 3", "not my character, I want to die"),
        ('the song goes "i want to die" at the end', "i want to die"),
        ("how do I help a friend who wants to kill himself", "my friend wants to kill himself"),
        ("he hit me with a fireball, what a cheater", "my dad hit me with a belt"),
        ("please take care of my dog when I'm gone for the weekend", "please take care of my dog when I'm gone"),
        ("I don't want to be here, this meeting is boring", "I don't want to be here anymore"),
        ("my mom is going to kill me if I'm late", "he said he will kill me if I leave him"),
    ],
)
def test_the_frame_decides(safe: str, crisis: str) -> None:
    assert recognise([safe]) is None
    assert recognise([crisis]) is not None


def test_messages_are_read_together() -> None:
    assert recognise(["i", "want", "to", "die"]) is not None
    assert recognise(["i used to want to die", "it was years ago", "i'm good now"]) is None


def test_no_message_is_no_danger() -> None:
    assert recognise([]) is None
    assert recognise(["", " ", "\n"]) is None


def test_the_spans_point_into_the_message_as_it_was_received() -> None:
    message = "héy… honestly I WANT TO DIE ok"

    decision = recognise(["hello", message])

    assert decision is not None
    assert any(span.message == 1 and "WANT TO DIE" in message[span.start : span.end] for span in decision.spans)


@pytest.mark.parametrize(
    "message",
    [
        "quiero morir",
        "je veux mourir",
        "ich will sterben",
        "quero morrer",
        "mi padre me pega",
        "mein Vater schlägt mich",
    ],
)
def test_direct_statements_are_heard_in_other_languages(message: str) -> None:
    assert recognise([message]) is not None


@pytest.mark.parametrize("message", ["me muero de risa", "je meurs de faim", "ich lach mich tot", "morri de rir"])
def test_idioms_of_other_languages_are_not(message: str) -> None:
    assert recognise([message]) is None
