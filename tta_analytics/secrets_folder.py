"""Secrets that `tta-analytics up` makes for itself, kept in the data folder for its owner only."""

import secrets
from pathlib import Path

NAMES = ("TTA_AUTH_SECRET_KEY", "TTA_PSEUDONYM_KEY", "TTA_SEAL_KEY", "TTA_AUDIT_KEY")


def secret_files(data_dir: Path) -> dict[str, str]:
    """Return `TTA_..._FILE` settings for every secret, making those that are missing (32 random bytes in hex)."""
    folder = data_dir / "secrets"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    settings = {}
    for name in NAMES:
        path = folder / name.removeprefix("TTA_").lower()
        if not path.exists():
            draft = path.with_suffix(".new")
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_hex(32) + "\n")
            draft.replace(path)
        settings[f"{name}_FILE"] = str(path)
    return settings


def existing_secret_files(data_dir: Path) -> dict[str, str]:
    """Return `TTA_..._FILE` settings for the secrets that an earlier `up` made in this folder."""
    paths = {name: data_dir / "secrets" / name.removeprefix("TTA_").lower() for name in NAMES}
    return {f"{name}_FILE": str(path) for name, path in paths.items() if path.exists()}
