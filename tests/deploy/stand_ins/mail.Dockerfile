# Stands in for the image `axllent/mailpit` where its registry is not in reach: SMTP on 1025, its list of mails on 8025.
ARG BASE
FROM ${BASE}
RUN apt-get update \
 && apt-get install --yes --no-install-recommends python3-aiosmtpd wget \
 && rm -rf /var/lib/apt/lists/*
COPY mail.py /usr/local/bin/mail.py
USER nobody
ENTRYPOINT ["python3", "/usr/local/bin/mail.py"]
