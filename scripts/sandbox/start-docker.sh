#!/bin/sh
# Makes a Docker engine answer on this machine (Debian or Ubuntu, as root): installs docker.io where it is missing,
# starts dockerd where no service manager does, waits until it is ready. Does nothing when an engine already answers.
# Options for dockerd may be given in DOCKERD_OPTIONS (for example: --storage-driver=vfs --iptables=false --bridge=none).
set -eu

log=${DOCKERD_LOG:-/var/log/dockerd.log}

if docker info >/dev/null 2>&1; then
  echo "a container engine already answers: $(docker version --format '{{.Server.Version}}')" >&2
  exit 0
fi

if ! command -v dockerd >/dev/null 2>&1; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update
  apt-get install -y --no-install-recommends docker.io
fi

rm -f /var/run/docker.pid
# shellcheck disable=SC2086 # options are words on purpose
setsid nohup dockerd ${DOCKERD_OPTIONS:-} >"$log" 2>&1 &

waited=0
until docker info >/dev/null 2>&1; do
  waited=$((waited + 1))
  if [ "$waited" -gt 60 ]; then
    echo "dockerd did not become ready in 60 s; the end of $log:" >&2
    tail -n 20 "$log" >&2
    exit 1
  fi
  sleep 1
done
echo "dockerd $(docker version --format '{{.Server.Version}}') is ready" >&2
