FROM python:3.13-slim AS packages
WORKDIR /app
COPY requirements.lock .
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --requirement requirements.lock

FROM python:3.13-slim
RUN useradd --uid 1000 --create-home xinbao \
 && mkdir /data && chown xinbao:xinbao /data
COPY --from=packages /venv /venv
WORKDIR /app
COPY xinbao xinbao
COPY api api
COPY web web
COPY schema schema
COPY workers workers
COPY domain domain
COPY migrations migrations
RUN printf '#!/bin/sh\nexec python -m xinbao "$@"\n' > /usr/local/bin/xinbao && chmod 755 /usr/local/bin/xinbao
ENV PATH=/venv/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONPATH=/app \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    XINBAO_HOME=/data \
    XINBAO_HOST=0.0.0.0
USER xinbao
VOLUME /data
EXPOSE 8000
CMD ["xinbao", "up"]
