"""Makes the secrets that a deployment for development or compose needs; what is there already is kept.

    python scripts/deployment_secrets.py FOLDER --postgres postgres:5432 --redis redis:6379

There are no default passwords: each is 32 random bytes. Files are for their owner, or with `--shared` readable by the
containers of compose, whose users differ from yours.
"""

import argparse
import secrets
from collections.abc import Callable
from pathlib import Path

SERVICES = ("aggregation", "monitoring", "reporting")
KEYS = ("auth-secret-key", "pseudonym-key", "seal-key", "audit-key")
PASSWORDS = ("postgres-password", "redis-password", *(f"{name}-password" for name in SERVICES))


def write_secrets(folder: Path, *, postgres: str, redis: str, mode: int = 0o600) -> list[Path]:
    """Write every secret that is missing and return all their files.

    `postgres` and `redis` are the `host:port` under which the services reach the stores.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = [_keep(folder / name, lambda: secrets.token_hex(32), mode) for name in (*KEYS, *PASSWORDS)]
    password = {name: (folder / f"{name}-password").read_text().strip() for name in (*SERVICES, "redis")}
    for name in SERVICES:
        url = f"postgresql://{name}:{password[name]}@{postgres}/{name}"
        made.append(_keep(folder / f"{name}-database-url", lambda url=url: url, mode))
    made.append(_keep(folder / "redis-url", lambda: f"redis://:{password['redis']}@{redis}/0", mode))
    conf = f"requirepass {password['redis']}\nsave ''\nappendonly no\ndir /tmp\n"
    made.append(_keep(folder / "redis.conf", lambda: conf, mode))
    return made


def _keep(path: Path, content: Callable[[], str], mode: int) -> Path:
    if not path.exists():
        draft = path.with_name(f"{path.name}.new")
        draft.touch(mode=0o600)
        draft.write_text(content() + "\n")
        draft.chmod(mode)
        draft.replace(path)
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--postgres", default="postgres:5432")
    parser.add_argument("--redis", default="redis:6379")
    parser.add_argument("--shared", action="store_true", help="Let others on this machine's containers read the files.")
    given = parser.parse_args()
    mode = 0o644 if given.shared else 0o600
    made = write_secrets(given.folder, postgres=given.postgres, redis=given.redis, mode=mode)
    print(f"{len(made)} secrets in {given.folder}")


if __name__ == "__main__":
    main()
