"""One human is one player: the file of pairs says who is who, or says what is wrong with it."""

from pathlib import Path

import pytest

from tta_analytics.importing.rows import UnreadableFile
from tta_analytics.sources.players import Players, UnknownPlayer, read_players

CROSSED = Players({"1": "7", "7": "1", "2": "5"})


def written(folder: Path, content: bytes) -> Path:
    file = folder / "players.csv"
    file.write_bytes(content)
    return file


def test_both_ids_of_a_pair_lead_to_the_player(tmp_path: Path) -> None:
    players = read_players(written(tmp_path, b"user_id,player_id\nuser-17,ada\n"))
    assert (players.canonical("user-17", "user_id"), players.canonical("ada", "player_id")) == ("ada", "ada")
    with pytest.raises(UnknownPlayer, match="not in the file"):
        players.canonical("user-18", "user_id")


def test_one_persons_user_id_may_be_anothers_player_id() -> None:
    assert CROSSED.canonical(1, "user_id") == CROSSED.canonical(7, "player_id") == "7"
    assert CROSSED.canonical(7, "user_id") == CROSSED.canonical(1, "player_id") == "1"


def test_an_id_of_the_other_kind_still_leads_to_its_player() -> None:
    assert CROSSED.canonical("5", "user_id") == "5"
    assert CROSSED.canonical("2", "player_id") == "5"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("user_id,player_id\nuser-17,ada\n".encode("utf-16"), "is no CSV file in UTF-8"),
        (b"user_id,player_id\nuser-17,\xff\n", "is no CSV file in UTF-8"),
        (b"user,player\nuser-17,ada\n", "must have the columns user_id and player_id"),
        (b"user_id,player_id\nuser-17\n", "line 2"),
        (b"user_id,player_id\nuser-17,ada\nuser-17,bob\n", "line 3: this user_id has another player_id above"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(UnreadableFile, match=said):
        read_players(written(tmp_path, content))
