#!/usr/bin/env bash
# Makes an image with Debian's Python, to build ours on where no registry is in reach: base.sh [NAME]. Needs root,
# debootstrap and podman. Then: make images BASE=localhost/debian-python:bookworm
set -euo pipefail
name=${1:-localhost/debian-python:bookworm}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
debootstrap --variant=minbase --include=ca-certificates,python3,python3-venv bookworm "$folder/root" >"$folder/log" ||
  { tail -20 "$folder/log" >&2; exit 1; }
rm -rf "$folder"/root/var/cache/apt/* "$folder"/root/var/lib/apt/lists/* \
  "$folder"/root/usr/share/{doc,info,locale,man}/*
tar -C "$folder/root" -c . |
  podman import --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' - "$name"
