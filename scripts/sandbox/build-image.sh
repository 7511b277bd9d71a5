#!/bin/sh
# Builds a box image without an image registry: a minimal Debian (CPython 3.13 with numpy) from its package archive,
# Node and isolated-vm from this checkout's node_modules. Needs root, debootstrap, docker. Does nothing when an image
# with the same recipe exists. With a registry, build sandbox/images/python/Dockerfile instead.
# Arguments are further Debian packages, the tools of another language (`assay sandbox build --language cpp` gives them);
# ASSAY_SANDBOX_IMAGE names the image then.
set -eu

root_of_repository=$(cd "$(dirname "$0")/../.." && pwd)
image=${ASSAY_SANDBOX_IMAGE:-assay-sandbox}
suite=${ASSAY_DEBIAN_SUITE:-trixie}
mirror=${ASSAY_DEBIAN_MIRROR:-http://deb.debian.org/debian}
packages="python3 python3-numpy $*"
prepare=$root_of_repository/sandbox/images/python/prepare.sh

case "$(uname -m)" in
  x86_64) platform=x64 ;;
  aarch64) platform=arm64 ;;
  *) echo "no recipe for $(uname -m)" >&2; exit 1 ;;
esac
node_binary=$root_of_repository/node_modules/node-linux-$platform/bin/node
[ -x "$node_binary" ] || node_binary=$(command -v node)
addon=$(ls "$root_of_repository"/node_modules/isolated-vm/prebuilds/linux-"$platform"/isolated-vm.abi137.glibc.node)

recipe=$(
  {
    cat "$0" "$prepare"
    echo "$suite $packages"
    sha256sum "$node_binary" "$addon" | cut -d' ' -f1
  } | sha256sum | cut -c1-32
)
present=$(docker image inspect --format '{{index .Config.Labels "assay.sandbox.recipe"}}' "$image:latest" 2>/dev/null || true)
if [ "$present" = "$recipe" ]; then
  echo "$image:latest is up to date ($recipe)" >&2
  exit 0
fi

if ! command -v debootstrap >/dev/null 2>&1; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update
  apt-get install -y --no-install-recommends debootstrap
fi

work=$(mktemp -d)
trap 'umount "$work/root/proc" 2>/dev/null || true; rm -rf --one-file-system "$work"' EXIT
debootstrap --variant=minbase "$suite" "$work/root" "$mirror" >"$work/log" 2>&1 || { tail -n 20 "$work/log" >&2; exit 1; }
# Some packages look at their own process while they are set up (Java).
mount -t proc proc "$work/root/proc"
# shellcheck disable=SC2086 # packages are words on purpose
chroot "$work/root" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $packages >"$work/log" 2>&1 ||
  { tail -n 20 "$work/log" >&2; exit 1; }
chroot "$work/root" python3 -c 'import sys; assert sys.version_info >= (3, 12), sys.version; import numpy, ctypes, unittest'
chroot "$work/root" apt-get clean
rm -rf "$work"/root/var/lib/apt/lists/* "$work"/root/var/log/* "$work"/root/usr/share/doc "$work"/root/usr/share/man \
  "$work"/root/usr/share/locale "$work"/root/var/cache/*
chroot "$work/root" sh <"$prepare" >"$work/log" 2>&1 || { tail -n 20 "$work/log" >&2; exit 1; }
umount "$work/root/proc"
install -m 0755 "$node_binary" "$work/root/opt/assay/node"
install -m 0644 "$addon" "$work/root/opt/assay/isolated_vm.node"
tar --numeric-owner --sort=name -C "$work/root" -c . |
  docker import -c "LABEL assay.sandbox.recipe=$recipe" -c "ENV PATH=/usr/local/bin:/usr/bin:/bin" - "$image:latest"
