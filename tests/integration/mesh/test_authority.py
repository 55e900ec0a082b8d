"""A new key for the authority of the mesh, in the steps of the operations guide: no call is refused on the way."""

import grpc
import pytest
from tta.analytics.v1 import alert_pb2, alert_pb2_grpc

from mesh.identity import current_caller
from mesh.renewing_channel import RenewingChannel
from mesh.settings import Settings
from mesh.tls import channel_credentials, client_files, stamp
from tests.integration.mesh.certificates import Authority
from tests.integration.mesh.conftest import SECRET, token

ALERT = alert_pb2.GetAlertRequest(alert_id="1")


async def name_of_caller(request):
    return alert_pb2.Alert(alert_id=current_caller().name)


@pytest.fixture
def folders(tmp_path):
    """One folder for each authority, both writing the same names of files."""
    made = [tmp_path / name for name in ("old", "new")]
    for folder in made:
        folder.mkdir()
    return made


async def test_while_all_trust_both_every_certificate_may_change_and_then_the_old_authority_goes(
    serve, folders, tmp_path
):
    old, new = (Authority(folder) for folder in folders)
    bundle = tmp_path / "ca.crt"
    bundle.write_bytes(old.file.read_bytes())

    def sign(authority, name):
        """Put a certificate where its process reads it, as the kubelet does."""
        chain, key = authority.issue(name, name)
        chain.replace(tmp_path / f"{name}.pem")
        key.replace(tmp_path / f"{name}.key")
        return tmp_path / f"{name}.pem", tmp_path / f"{name}.key"

    def process(name):
        chain, key = sign(old, name)
        return Settings(
            auth_secret_key=SECRET,
            bind="127.0.0.1",
            tls_certificate=chain,
            tls_key=key,
            tls_authority=bundle,
            tls_client_authority=bundle,
        )

    sample, client = await serve(process("monitoring")), process("reporting")
    sample.alerts.get = name_of_caller
    moments = [0.0]

    def secure():
        return grpc.aio.secure_channel(f"127.0.0.1:{sample.running.port}", channel_credentials(client))

    bearer = (("authorization", f"Bearer {token(sub='dr-grey')}"),)
    async with RenewingChannel(secure, lambda: stamp(client_files(client)), clock=lambda: moments[0]) as channel:
        stub = alert_pb2_grpc.AlertServiceStub(channel)

        async def answered():
            """Tell whether a call on the old connection, and one on a new one, are answered."""
            for _ in range(2):
                assert (await stub.GetAlert(ALERT, metadata=bearer, timeout=60)).alert_id == "dr-grey"
                moments[0] += 11.0
                client.tls_certificate.touch()

        await answered()
        bundle.write_bytes(old.file.read_bytes() + new.file.read_bytes())
        await answered()
        sign(new, "reporting")
        await answered()
        sign(new, "monitoring")
        await answered()
        bundle.write_bytes(new.file.read_bytes())
        await answered()
        sign(old, "reporting")
        moments[0] += 11.0
        with pytest.raises(grpc.aio.AioRpcError):
            await stub.GetAlert(ALERT, metadata=bearer, timeout=3)
