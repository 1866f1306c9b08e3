#!/usr/bin/env bash
# Makes a stand-in for the image of PostgreSQL where no image registry is reachable: postgresql.sh TAG BASE
# Debian's PostgreSQL on the image BASE (that of python.sh), started as the official image starts its own.
set -euo pipefail
# shellcheck source=tests/containers/images/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
mkdir "$scratch/context"
install -m 755 "$(dirname "${BASH_SOURCE[0]}")/postgresql-entrypoint.sh" "$scratch/context/entrypoint"
cat >"$scratch/context/Dockerfile" <<DOCKERFILE
FROM $2
RUN apt-get update -qq \\
 && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends postgresql-15 >/dev/null \\
 && rm -rf /var/lib/apt/lists/* /var/lib/postgresql/15
COPY entrypoint /usr/local/bin/docker-entrypoint.sh
ENV PATH=/usr/lib/postgresql/15/bin:\$PATH PGDATA=/var/lib/postgresql/data
RUN install -d -o postgres -g postgres -m 700 "\$PGDATA" && install -d -o postgres -g postgres -m 3777 /var/run/postgresql
VOLUME /var/lib/postgresql/data
STOPSIGNAL SIGINT
EXPOSE 5432
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["postgres"]
DOCKERFILE
docker build --quiet --tag "$1" "$scratch/context" >/dev/null
told "$1"
