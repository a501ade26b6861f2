# make run     start the hotline (Ctrl-C stops it); ARGS="--web-port 8100" is passed on
# make test    run the tests; ARGS="tests/ivr -k keys" picks some
# make check   style, types and the import contract
# make lock    resolve requirements.lock anew from setup.cfg
# Each makes .venv from requirements.lock first, or finds it made. Needed: Python 3.11 to 3.14 and make.

.PHONY: run test check lock environment
ARGS ?=

run: environment
	@.venv/bin/hotline run $(ARGS)

test: environment
	@.venv/bin/pytest -n 4 $(ARGS)

check: environment
	@.venv/bin/ruff check .
	@.venv/bin/mypy .
	@.venv/bin/lint-imports

lock: environment
	@.venv/bin/python setup/lock.py

environment:
	@python=$$(sh setup/python.sh) && "$$python" setup/environment.py
