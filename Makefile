# The two commands: `make run` and `make test`. Everything they need, they set up themselves.
CARGO ?= cargo
HOST := --workspace --exclude frontend --locked

.PHONY: test lint fmt

test: lint
	$(CARGO) test $(HOST)

lint:
	$(CARGO) fmt --all -- --check
	$(CARGO) clippy $(HOST) --all-targets -- -D warnings

fmt:
	$(CARGO) fmt --all
