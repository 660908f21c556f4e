# Two stages: the first turns the hashed lock into one pruned environment, the second takes that and the code.
# Every step is a plain command that can be run by hand in a Python 3.13 of one's own.

FROM python:3.13-slim AS build
WORKDIR /build
COPY requirements.txt .

# Wheels first: hashes are checked here, and nothing below asks for anything over the network.
RUN python -m pip wheel -q --no-cache-dir --disable-pip-version-check --only-binary :all: --require-hashes --wheel-dir wheels -r requirements.txt
RUN python -m venv --without-pip /opt/logbook
RUN python -m pip --python /opt/logbook/bin/python install -q --no-cache-dir --disable-pip-version-check --no-index --no-deps --no-compile wheels/*.whl

# What no running Logbook reads: C sources, the libraries' own tests, and the words of languages that it does not speak.
RUN find /opt/logbook -type f \( -name '*.c' -o -name '*.h' -o -name '*.pyx' -o -name '*.pxd' \) -delete
RUN find /opt/logbook -type d -path '*/site-packages/*/tests' -prune -exec rm -rf {} +
RUN find /opt/logbook -path '*/babel/locale-data/*.dat' ! -regex '.*/\(root\|en\|de\|fr\|es\|it\|pt\|nl\)\(_[A-Za-z0-9_]*\)?\.dat' -delete

# Compiled here once, since the container may not write beside the code.
RUN /opt/logbook/bin/python -m compileall -q -j 0 /opt/logbook/lib


FROM python:3.13-slim
LABEL org.opencontainers.image.title="Logbook" org.opencontainers.image.licenses="Apache-2.0"
RUN groupadd --system --gid 10001 logbook \
    && useradd --system --uid 10001 --gid logbook --home-dir /data --no-create-home --shell /usr/sbin/nologin logbook \
    && install -d -o logbook -g logbook -m 0700 /data
COPY --from=build /opt/logbook /opt/logbook
WORKDIR /srv/logbook
COPY LICENSE main.py ./
COPY migrations migrations
COPY data data
COPY logic logic
COPY ui ui
RUN /opt/logbook/bin/python -m compileall -q -j 0 . && /opt/logbook/bin/python main.py sbom > sbom.cdx.json

ENV PATH=/opt/logbook/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    LOGBOOK_HOST=0.0.0.0 \
    LOGBOOK_PORT=8080 \
    LOGBOOK_DATA_DIR=/data
USER 10001:10001
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ['LOGBOOK_PORT'] + '/health', timeout=4)"]
CMD ["python", "main.py"]
