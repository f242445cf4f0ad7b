# The two commands: `make run` and `make test`. Everything they need, they set up themselves.
CARGO ?= cargo
HOST := --workspace --exclude frontend --locked

SUDO := $(if $(filter 0,$(shell id -u)),,sudo)

.PHONY: test lint fmt system

test: system lint
	end2end/postgres.sh $(CARGO) test $(HOST)

# Programs that the tests need beside Rust. Only missing ones are installed.
system:
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null \
		|| { command -v apt-get >/dev/null && $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq postgresql; } \
		|| { echo "Install PostgreSQL's server: its tools must be in PATH."; exit 1; }

lint:
	$(CARGO) fmt --all -- --check
	$(CARGO) clippy $(HOST) --all-targets -- -D warnings

fmt:
	$(CARGO) fmt --all
