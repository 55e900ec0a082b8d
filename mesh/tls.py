"""TLS between processes, with certificates that may be renewed while they run."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import grpc

from mesh.settings import SettingError, Settings


def server_credentials(settings: Settings) -> grpc.ServerCredentials | None:
    """Return credentials that read the certificate again when its files change; none where none is set.

    With `TTA_TLS_CLIENT_AUTHORITY`, clients must present a certificate that it signed.
    """
    if settings.tls_certificate is None and settings.tls_client_authority is None:
        return None
    files = _ServerFiles(settings)
    return grpc.dynamic_ssl_server_credentials(
        files.configuration(), files.changed, require_client_authentication=settings.tls_client_authority is not None
    )


def channel_credentials(settings: Settings) -> grpc.ChannelCredentials:
    """Return credentials for calls to other services; raises SettingError where `TTA_TLS_AUTHORITY` is not set.

    They hold what the files hold now; a channel that outlives its certificate is a `RenewingChannel`.
    """
    key = chain = None
    if settings.tls_certificate is not None:
        key, chain = _read("TTA_TLS_KEY", settings.tls_key), _read("TTA_TLS_CERTIFICATE", settings.tls_certificate)
    return grpc.ssl_channel_credentials(_read("TTA_TLS_AUTHORITY", settings.tls_authority), key, chain)


def client_files(settings: Settings) -> tuple[Path, ...]:
    """Return the files that a channel's credentials come from; none where calls go without TLS."""
    if settings.tls_authority is None:
        return ()
    return tuple(
        path for path in (settings.tls_authority, settings.tls_certificate, settings.tls_key) if path is not None
    )


def stamp(files: Iterable[Path]) -> tuple[int, ...]:
    """Return what changes when one of the files does."""
    return tuple(path.stat().st_mtime_ns if path.exists() else 0 for path in files)


class _ServerFiles:
    """The certificate files of a server, as they were last read."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        paths = (settings.tls_certificate, settings.tls_key, settings.tls_client_authority)
        self._paths = [path for path in paths if path is not None]
        self._stamp = stamp(self._paths)

    def configuration(self) -> grpc.ServerCertificateConfiguration:
        settings = self._settings
        key, chain = _read("TTA_TLS_KEY", settings.tls_key), _read("TTA_TLS_CERTIFICATE", settings.tls_certificate)
        authority = settings.tls_client_authority
        roots = None if authority is None else _read("TTA_TLS_CLIENT_AUTHORITY", authority)
        return grpc.ssl_server_certificate_configuration([(key, chain)], roots)

    def changed(self) -> Any:
        """Return the new configuration where a file changed, else none; gRPC asks before each handshake."""
        try:
            seen = stamp(self._paths)
            if seen == self._stamp:
                return None
            configuration = self.configuration()
        except (OSError, SettingError):
            # Half written: the next handshake looks again, this one goes on with the old certificate.
            return None
        self._stamp = seen
        return configuration


def _read(variable: str, path: Path | None) -> bytes:
    if path is None:
        raise SettingError(variable, "is not set, but TLS is on; name a PEM file")
    try:
        return path.read_bytes()
    except OSError as error:
        raise SettingError(variable, f"can't be read ({error.strerror}); name a PEM file") from error
