# Not built by the project's own tests, which have no container engine; kept minimal for that reason.
FROM rust:1.95-bookworm AS build
RUN rustup target add wasm32-unknown-unknown
WORKDIR /src
COPY . .
RUN cargo xtask build --release && cp target/release/sluice /sluice

# Slim rather than distroless: stdio servers are programs, and they need a place to live. Derive your
# own image from this one to add Node, Python or whatever your servers are written in.
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --home-dir /var/lib/sluice --shell /usr/sbin/nologin sluice
COPY --from=build /sluice /usr/local/bin/sluice
USER sluice
WORKDIR /var/lib/sluice
VOLUME /var/lib/sluice
ENV SLUICE__SERVER__LISTEN=0.0.0.0:8080 SLUICE__SERVER__DATA_DIR=/var/lib/sluice
EXPOSE 8080
# Set SLUICE__SERVER__PUBLIC_URL to the https address of your reverse proxy.
ENTRYPOINT ["sluice"]
CMD ["serve"]
