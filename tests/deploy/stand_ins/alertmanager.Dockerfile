# Stands in for the image `prom/alertmanager` where its registry is not in reach: Debian's Alertmanager.
ARG BASE
FROM ${BASE}
RUN apt-get update \
 && apt-get install --yes --no-install-recommends prometheus-alertmanager wget \
 && rm -rf /var/lib/apt/lists/* \
 && install -d -o nobody -g nogroup /alertmanager
USER nobody
ENTRYPOINT ["prometheus-alertmanager"]
