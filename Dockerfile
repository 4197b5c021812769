FROM python:3.13-slim AS build
WORKDIR /src
RUN python -m venv /opt/standoff
COPY requirements/run.txt requirements/
RUN /opt/standoff/bin/pip install --no-cache-dir --require-hashes -r requirements/run.txt -c requirements/run.txt
COPY pyproject.toml README.md LICENSE ./
COPY config/ config/
COPY adapters/ adapters/
COPY bot/ bot/
RUN /opt/standoff/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.13-slim
RUN useradd --uid 10001 --create-home standoff \
    && install --directory --owner standoff --group standoff /data
COPY --from=build /opt/standoff /opt/standoff
ENV PATH="/opt/standoff/bin:$PATH" \
    PYTHONUNBUFFERED=1
# The database and, where there is one, standoff.toml.
WORKDIR /data
VOLUME /data
USER 10001
# Health, readiness and metrics; publish the port only where whoever reaches it may read them.
ENV STANDOFF_SERVER__LISTEN="0.0.0.0:8080"
EXPOSE 8080
HEALTHCHECK --interval=60s --timeout=10s --start-period=90s CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/healthz', timeout=5)"]
ENTRYPOINT ["standoff"]
CMD ["run"]
