# The two commands: `make run` and `make test`. Everything they need, they set up themselves.
CARGO ?= cargo
HOST := --workspace --exclude frontend --locked
WASM := --package frontend --target wasm32-unknown-unknown --locked

.PHONY: run test bench clients screenshots speed lint fmt system nginx wasm

run: wasm
	$(CARGO) xtask run

# Which stages there are, and how to run one of them: `end2end/test.py --help`.
test: system
	CARGO="$(CARGO)" python3 end2end/test.py

# Speed and memory beside nginx: docs/performance.md. `make bench ARGS=--quick` takes a minute.
bench: nginx
	$(CARGO) xtask bench $(ARGS)

# Runs real clients in front of every kind of server and writes docs/compatibility.md.
clients:
	@end2end/setup.sh grid
	CARGO="$(CARGO)" python3 end2end/test.py grid

# Pictures of every page, in the ignored folder `pictures`.
screenshots: system wasm
	$(CARGO) xtask build
	SLUICE_BIN="$${CARGO_TARGET_DIR:-target}/debug/sluice" end2end/node_modules/.bin/node end2end/pictures.mjs pictures

# How long each page takes the server with a big organization's data in it.
speed: system wasm
	$(CARGO) xtask build --release
	SLUICE_BIN="$${CARGO_TARGET_DIR:-target}/release/sluice" end2end/node_modules/.bin/node end2end/speed.mjs

# Programs that the tests need beside Rust. Only missing ones are installed.
system:
	@end2end/setup.sh

# Only the benchmark needs it.
nginx:
	@command -v nginx >/dev/null || test -x /usr/sbin/nginx || { \
		command -v apt-get >/dev/null || { echo "nginx is missing; install it with the system's package manager" >&2; exit 1; }; \
		[ "$$(id -u)" = 0 ] || sudo=sudo; \
		$$sudo apt-get update -qq && $$sudo env DEBIAN_FRONTEND=noninteractive \
			apt-get install -y -qq --no-install-recommends nginx-light >/dev/null; }

wasm:
	@! command -v rustup >/dev/null || rustup target list --installed | grep -qx wasm32-unknown-unknown \
		|| rustup target add wasm32-unknown-unknown

lint: wasm
	$(CARGO) fmt --all -- --check
	$(CARGO) clippy $(HOST) --all-targets -- -D warnings
	$(CARGO) clippy $(WASM) -- -D warnings

fmt:
	$(CARGO) fmt --all
