"""Real clients in front of every kind of server: each lists, calls, gets progress, cancels, and goes on after a
restart of Sluice. `make clients` runs them all and writes docs/compatibility.md; `make test` runs some."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

import compatibility
from grid import LATER, ROWS, UPSTREAMS, WORKED, Grid, Row, deployed

SHORT = [row for row in ROWS if row.short]


@pytest.fixture(scope="module")
def grid(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grid]:
    with deployed(tmp_path_factory.mktemp("grid")) as grid:
        yield grid


@pytest.fixture(scope="module")
def results() -> Iterator[compatibility.Results]:
    """What the run found; a whole run writes it down, whether or not all is well."""
    results: compatibility.Results = []
    yield results
    if len(results) == len(ROWS):
        compatibility.write(results)


def run(grid: Grid, row: Row) -> dict[str, dict[str, str]]:
    told = asyncio.run(grid.run(row))
    for steps in told.values():
        # Some are quick enough for their first call, which is luck and no promise.
        if row.expected()["restart"] == LATER and steps.get("restart") == WORKED:
            steps["restart"] = LATER
    return told


@pytest.mark.parametrize("row", SHORT, ids=lambda row: row.id)
def test_a_client_lists_calls_cancels_and_outlives_a_restart(grid: Grid, row: Row) -> None:
    assert run(grid, row) == dict.fromkeys(UPSTREAMS, row.expected())


def test_the_page_is_that_of_a_run_in_which_all_was_as_expected() -> None:
    """So a row, a version or a feature that changes brings `make clients` to mind."""
    expected = [(row, dict.fromkeys(UPSTREAMS, row.expected())) for row in ROWS]
    assert compatibility.PAGE.read_text() == compatibility.page(expected)


@pytest.mark.grid
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_the_whole_grid(grid: Grid, results: compatibility.Results, row: Row) -> None:
    told = run(grid, row)
    results.append((row, told))
    assert told == dict.fromkeys(UPSTREAMS, row.expected())
