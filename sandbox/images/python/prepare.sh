#!/bin/sh
# Runs once inside a box image while it is built, from a registry or not: takes set-user-id bits off, makes the folder of
# the isolates, and compiles Go's standard library where there is Go, since a box can write no cache.
set -eu

find / -xdev -perm /6000 -type f -exec chmod a-s {} +
mkdir -p /opt/assay
if command -v go >/dev/null; then
  GOROOT=$(dirname "$(dirname "$(readlink -f "$(command -v go)")")")
  export GOROOT GOCACHE=/opt/assay/go-cache GOFLAGS=-trimpath GOTOOLCHAIN=local CGO_ENABLED=0 HOME=/tmp
  go list -export -f '{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}' std >/opt/assay/go-importcfg
  chmod -R a+rX /opt/assay/go-cache
fi
