# The two commands: `make run` and `make test`. Everything they need, they set up themselves.
CARGO ?= cargo
HOST := --workspace --exclude frontend --locked
WASM := --package frontend --target wasm32-unknown-unknown --locked

.PHONY: run test clients lint fmt system wasm

run: wasm
	$(CARGO) xtask run

# Which stages there are, and how to run one of them: `end2end/test.py --help`.
test: system
	CARGO="$(CARGO)" python3 end2end/test.py

# Runs real clients in front of every kind of server and writes docs/compatibility.md.
clients:
	@end2end/setup.sh grid
	CARGO="$(CARGO)" python3 end2end/test.py grid

# Programs that the tests need beside Rust. Only missing ones are installed.
system:
	@end2end/setup.sh

wasm:
	@! command -v rustup >/dev/null || rustup target list --installed | grep -qx wasm32-unknown-unknown \
		|| rustup target add wasm32-unknown-unknown

lint: wasm
	$(CARGO) fmt --all -- --check
	$(CARGO) clippy $(HOST) --all-targets -- -D warnings
	$(CARGO) clippy $(WASM) -- -D warnings

fmt:
	$(CARGO) fmt --all
