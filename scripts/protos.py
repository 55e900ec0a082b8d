"""Generate the stubs, the descriptor image and clients/typescript from protos/; with --check, fail where one is stale.

Lint and breaking-change checks run on images, because the tree alone lacks the imported files.
"""

import filecmp
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import google.api
from google.protobuf import descriptor_pb2
from protovalidate._gen.buf.validate import validate_pb

ROOT = Path(__file__).resolve().parents[1]
PROTOS, GENERATED = ROOT / "protos", ROOT / "generated"
IMAGE = "tta/analytics/image.binpb"
TYPESCRIPT = (sys.executable, "-m", "scripts.typescript_client")
"""In a process of its own: it reads the image that was just made."""
BUF = str(Path(sys.executable).with_name("buf"))


def run(*command: str) -> None:
    if (code := subprocess.run(command, cwd=ROOT, check=False).returncode) != 0:
        sys.exit(f"{command[0].rsplit('/')[-1]} failed with exit code {code}")


def validate_image(folder: Path) -> Path:
    """Wrap validate.proto, which its package ships only as a descriptor, in a FileDescriptorSet."""
    file = descriptor_pb2.FileDescriptorProto.FromString(validate_pb.desc().proto.to_binary())
    path = folder / "validate.binpb"
    path.write_bytes(descriptor_pb2.FileDescriptorSet(file=[file]).SerializeToString())
    return path


def generate(target: Path, work: Path) -> None:
    site = Path(next(iter(google.api.__path__))).parents[1]
    sources = sorted(str(path.relative_to(PROTOS)) for path in PROTOS.rglob("*.proto"))
    (target / IMAGE).parent.mkdir(parents=True, exist_ok=True)
    run(
        *(sys.executable, "-m", "grpc_tools.protoc", "-I", str(PROTOS), "-I", str(site)),
        f"--descriptor_set_in={validate_image(work)}",
        *(f"--python_out={target}", f"--grpc_python_out={target}"),
        f"--plugin=protoc-gen-mypy={Path(sys.executable).with_name('protoc-gen-mypy')}",
        f"--plugin=protoc-gen-mypy_grpc={Path(sys.executable).with_name('protoc-gen-mypy_grpc')}",
        *(f"--mypy_out=quiet:{target}", f"--mypy_grpc_out=quiet:{target}"),
        *(f"--descriptor_set_out={target / IMAGE}", "--include_imports", "--include_source_info"),
        *sources,
        "buf/validate/validate.proto",
    )
    (target / "tta/analytics/v1/py.typed").touch()


def baseline(work: Path) -> Path | None:
    """Return the descriptor image of the last tag, else of the root commit; none where git has neither."""
    for find in (["describe", "--tags", "--abbrev=0"], ["rev-list", "--max-parents=0", "HEAD"]):
        revision = subprocess.run(["git", *find], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
        blob = subprocess.run(
            ["git", "show", f"{revision}:generated/{IMAGE}"], cwd=ROOT, capture_output=True, check=False
        )
        if revision and blob.returncode == 0:
            (work / "baseline.binpb").write_bytes(blob.stdout)
            return work / "baseline.binpb"
    return None


def stale(fresh: Path) -> list[str]:
    """Name every file under generated/ that differs from a fresh generation."""
    names = {
        str(path.relative_to(root))
        for root in (fresh, GENERATED)
        for path in root.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    _, different, missing = filecmp.cmpfiles(fresh, GENERATED, names, shallow=False)
    return sorted(different + missing)


def check() -> None:
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        generate(work / "fresh", work)
        if names := stale(work / "fresh"):
            sys.exit("generated/ is stale; run `make protos`:\n  " + "\n  ".join(names))
        run(BUF, "format", "-d", "--exit-code", "protos")
        image = f"generated/{IMAGE}"
        run(BUF, "lint", image, "--config", "buf.yaml", "--path", "tta")
        if against := baseline(work):
            run(BUF, "breaking", image, "--against", str(against), "--config", "buf.yaml", "--path", "tta")
    run(*TYPESCRIPT, "--check")


def main() -> None:
    if "--check" in sys.argv[1:]:
        check()
        return
    shutil.rmtree(GENERATED, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        generate(GENERATED, Path(folder))
    run(*TYPESCRIPT)


if __name__ == "__main__":
    main()
