#!/usr/bin/env bash
# Makes a stand-in for python:3.11-slim-bookworm where no image registry is reachable: python.sh TAG
# Debian's own python3.11 from the archive that this machine's apt uses, laid out as in the official image: python and pip
# in /usr/local/bin, packages in /usr/local/lib. It trusts what this machine trusts, so it stays on this machine.
set -euo pipefail
# shellcheck source=tests/containers/images/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
tag="$1"
[ "$(id -u)" = 0 ] || fail "$0 has to be run as root: debootstrap makes a file system"
suite=bookworm
root="$scratch/root"

bootstrap=(debootstrap)
if ! command -v debootstrap >/dev/null; then
  (cd "$scratch" && { apt-get download -qq debootstrap || { apt-get update -qq && apt-get download -qq debootstrap; }; } >/dev/null 2>&1)
  dpkg -x "$scratch"/debootstrap_*.deb "$scratch/debootstrap"
  bootstrap=(env "DEBOOTSTRAP_DIR=$scratch/debootstrap/usr/share/debootstrap" "$scratch/debootstrap/usr/sbin/debootstrap")
fi
archive="$(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT) $(CREATED_BY)' |
  awk -v suite="$suite" '$2 == suite && $3 == "main" && $4 == "Packages" { print $1; exit }')"
[ -n "$archive" ] || fail "apt knows no archive of Debian $suite; add one to its sources"

"${bootstrap[@]}" --variant=minbase --include=ca-certificates,python3,python3-venv,python3-distutils,netbase,tzdata \
  "$suite" "$root" "$archive" >"$scratch/log" 2>&1 || { tail -20 "$scratch/log" >&2; fail "debootstrap failed"; }
# What pip and apt trust and ask during a build is what this machine's do.
cp -a /usr/local/share/ca-certificates/. "$root/usr/local/share/ca-certificates/" 2>/dev/null || true
chroot "$root" update-ca-certificates >/dev/null 2>&1
rm -f "$root/etc/apt/sources.list"
cp -a /etc/apt/sources.list /etc/apt/sources.list.d "$root/etc/apt/" 2>/dev/null || true
printf 'APT::Install-Recommends "false";\nAcquire::Check-Valid-Until "false";\n' >"$root/etc/apt/apt.conf.d/80image"
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"  # a package that is installed starts nothing
chmod 755 "$root/usr/sbin/policy-rc.d"
chroot "$root" /usr/bin/python3 -m venv /usr/local  # unlike Debian's own Python, one that pip may install into
rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/*.bin "$root"/var/cache/apt/archives/*.deb "$root"/var/log/* \
  "$root"/usr/share/{man,info,locale}/* "$root/debootstrap"
find "$root/usr/share/doc" -mindepth 2 -type f ! -name copyright -delete
find "$root/usr" -name __pycache__ -type d -prune -exec rm -rf {} +

certificates=/etc/ssl/certs/ca-certificates.crt
tar --numeric-owner --one-file-system --exclude='./proc/*' --exclude='./sys/*' --exclude='./dev/*' -C "$root" -c . |
  docker import -c 'ENV PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin' -c 'ENV LANG=C.UTF-8' \
    -c "ENV SSL_CERT_FILE=$certificates" -c "ENV PIP_CERT=$certificates" -c 'CMD ["python3"]' - "$tag" >/dev/null
told "$tag"
