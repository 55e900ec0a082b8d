"""Makes the secrets that a deployment for development or compose needs; what is there already is kept.

    python scripts/deployment_secrets.py FOLDER --postgres postgres:5432 --redis redis:6379

There are no default passwords: each is 32 random bytes. Files are for their owner, or with `--shared` readable by the
containers of compose, whose users differ from yours.
"""

import argparse
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt

SERVICES = ("aggregation", "monitoring", "reporting")
KEYS = ("auth-secret-key", "pseudonym-key", "seal-key", "audit-key")
PASSWORDS = ("postgres-password", "redis-password", "grafana-password", *(f"{name}-password" for name in SERVICES))

ENVIRONMENT = """\
# What docker-compose.analytics.yml reads. Secrets are in deploy/compose/secrets/. It is kept through upgrades.
# Address that ports are published on; 0.0.0.0 opens them to the network.
TTA_PUBLISH=127.0.0.1
# Your mail server, for notifications and scheduled reports: without one they wait for a day and are then given up.
# Where it wants a user, write the password into deploy/compose/secrets/smtp-password.
# The sink of the profile mail-sink: mail, 1025, none.
TTA_SMTP_HOST=
TTA_SMTP_PORT=587
TTA_SMTP_SECURITY=starttls
TTA_SMTP_USERNAME=
TTA_SMTP_SENDER=
"""


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
    made.append(_keep(folder / "alertmanager-token", lambda: _token(folder / "auth-secret-key"), mode))
    conf = f"requirepass {password['redis']}\nsave ''\nappendonly no\ndir /tmp\n"
    made.append(_keep(folder / "redis.conf", lambda: conf, mode))
    # Of a server that is not ours: empty until somebody writes it, and there, because it is mounted.
    made.append(_keep(folder / "smtp-password", lambda: "", mode))
    return made


def _token(secret: Path) -> str:
    """Return a year's token of Alertmanager, which may send alerts in and nothing else that people do."""
    claims = {"sub": "alertmanager", "role": "service", "exp": datetime.now(UTC) + timedelta(days=365)}
    return jwt.encode(claims, secret.read_text().strip(), algorithm="HS256")


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
    parser.add_argument("--environment", type=Path, help="Also write what compose reads, unless it is there.")
    given = parser.parse_args()
    mode = 0o644 if given.shared else 0o600
    made = write_secrets(given.folder, postgres=given.postgres, redis=given.redis, mode=mode)
    if given.environment is not None and not given.environment.exists():
        given.environment.write_text(ENVIRONMENT)
    print(f"{len(made)} secrets in {given.folder}")


if __name__ == "__main__":
    main()
