"""One human is one player: how the ids in TTA's stores lead to the canonical id, the one in its tokens.

The canonical id is a token's `player_id`, else its `sub`. The player API writes the first into its records, the
gameplay loop the second. Where the two differ for a player, a file of pairs says who is who.
"""

import csv
from collections.abc import Mapping
from pathlib import Path

from mesh.pseudonyms import canonical_user_id
from mesh.refusal import InvalidArgument
from tta_analytics.importing.rows import UnreadableFile


class UnknownPlayer(Exception):
    """A record that leads to no player; the message says why, without the id."""


class Players:
    """Maps the ids of records to canonical ids."""

    def __init__(self, pairs: Mapping[str, str] | None = None) -> None:
        """Map by `pairs` of user id -> player id. Left out: both are the same in this deployment."""
        self._pairs = None if pairs is None else dict(pairs)
        self._known = frozenset((pairs or {}).values())

    def canonical(self, record_id: object, named: str) -> str:
        """Return the canonical id of a record's `player_id` or `user_id`; `named` says which of the two it is.

        One person's user id may be another's player id, so that each is looked up as what it is first.

        Raises:
            UnknownPlayer: The id is missing, no text, no id, or not among the pairs.
        """
        if record_id is None or record_id == "":
            raise UnknownPlayer("is missing")
        if isinstance(record_id, bool) or not isinstance(record_id, str | int):
            raise UnknownPlayer("must be text")
        try:
            found = canonical_user_id(str(record_id))
        except InvalidArgument as refusal:
            raise UnknownPlayer(refusal.violations[0].description) from refusal
        if self._pairs is None or (named == "player_id" and found in self._known):
            return found
        if found in self._pairs:
            return self._pairs[found]
        if found not in self._known:
            raise UnknownPlayer("is not in the file of players")
        return found


def read_players(path: Path) -> Players:
    """Read a CSV file with the columns `user_id` and `player_id`.

    Raises:
        UnreadableFile: A column or a value is missing, or a user has two players; the message names the line.
    """
    try:
        return Players(_pairs(path))
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnreadableFile(f"{path.name} is no CSV file in UTF-8") from error


def _pairs(path: Path) -> dict[str, str]:
    pairs: dict[str, str] = {}
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = csv.DictReader(file)
        if not {"user_id", "player_id"} <= set(rows.fieldnames or ()):
            raise UnreadableFile(f"{path.name} must have the columns user_id and player_id")
        for row in rows:
            try:
                user, player = (canonical_user_id(row[name] or "") for name in ("user_id", "player_id"))
            except InvalidArgument as refusal:
                raise UnreadableFile(f"{path.name}, line {rows.line_num}: {refusal}") from refusal
            if pairs.setdefault(user, player) != player:
                raise UnreadableFile(f"{path.name}, line {rows.line_num}: this user_id has another player_id above")
    return pairs
