# Stands in for the image `postgres` where its registry is not in reach: Debian's PostgreSQL behind the same contract
# (POSTGRES_PASSWORD_FILE, PGDATA, /docker-entrypoint-initdb.d, any user; as root it changes to one that may not do much).
ARG BASE
FROM ${BASE}
RUN apt-get update \
 && apt-get install --yes --no-install-recommends postgresql-15 \
 && rm -rf /var/lib/apt/lists/* /var/lib/postgresql/15 \
 && useradd --uid 65532 --no-create-home postgres-of-the-pod
COPY postgres-entrypoint.sh /usr/local/bin/postgres-entrypoint.sh
ENV PATH=/usr/lib/postgresql/15/bin:$PATH
ENTRYPOINT ["/usr/local/bin/postgres-entrypoint.sh"]
CMD ["postgres"]
