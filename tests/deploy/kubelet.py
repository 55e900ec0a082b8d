"""What a container finds when it starts: its environment, files of secrets, folders that it may write to."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Object = dict[str, Any]
POD_IP = "192.0.2.7"
NODE_IP = "192.0.2.1"
WRITABLE = {"emptyDir", "persistentVolumeClaim"}


@dataclass(frozen=True)
class Inside:
    workload: str
    container: str
    image: str
    args: tuple[str, ...]
    variables: Mapping[str, str]
    files: Mapping[str, tuple[str, str]]
    """Path -> (Secret, key)."""
    writable: frozenset[str]

    @property
    def ours(self) -> bool:
        return self.image.startswith("tta-analytics:")


def inside(
    workload: str,
    container: Object,
    volumes: Mapping[str, Object],
    config: Mapping[str, Mapping[str, str]],
    secrets: Mapping[str, set[str]],
) -> Inside:
    """Return what one container finds; `secrets` are the keys of the Secrets that are known, volumes are by name."""
    files: dict[str, tuple[str, str]] = {}
    writable = set()
    for mount in container["volumeMounts"]:
        volume = volumes[mount["name"]]
        if secret := volume.get("secret"):
            every = [{"key": key, "path": key} for key in secrets.get(secret["secretName"], ())]
            for item in secret.get("items", every):
                files[f"{mount['mountPath']}/{item['path']}"] = (secret["secretName"], item["key"])
        if WRITABLE & set(volume) and not mount.get("readOnly"):
            writable.add(mount["mountPath"])
    return Inside(
        workload=workload,
        container=container["name"],
        image=container["image"],
        args=tuple(container.get("args", ())),
        variables=environment_of(container, config),
        files=files,
        writable=frozenset(writable),
    )


def environment_of(
    container: Object, config: Mapping[str, Mapping[str, str]], *, pod_ip: str = POD_IP
) -> dict[str, str]:
    """Return the variables of a container: those of whole ConfigMaps, then each of its own in turn.

    `$(NAME)` stands for a variable that was set before; where none was, it stays as it is written.
    """
    fields = {"status.podIP": pod_ip, "status.hostIP": NODE_IP}
    found: dict[str, str] = {}
    for source in container.get("envFrom", ()):
        found |= config[source["configMapRef"]["name"]]
    for each in container.get("env", ()):
        value = each["value"] if "value" in each else fields[each["valueFrom"]["fieldRef"]["fieldPath"]]
        found[each["name"]] = re.sub(r"\$\((\w+)\)", lambda name: found.get(name[1], name[0]), value)
    return found
