"""Prints how many of the kit's expected results we give, by level.

python -m tests.tck [FOLDER] [--failures]
"""

import argparse
from pathlib import Path

from tests.tck import FOLDER
from tests.tck.cases import cases
from tests.tck.judging import result_of, same
from tests.tck.rates import Rates


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.tck", description="DMN TCK")
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--failures", action="store_true", help="print what differs")
    given = parser.parse_args()
    rates = Rates()
    for case in cases(given.folder):
        answer, error = result_of(case)
        right = same(case.expected, answer)
        rates.count(case.level, right=right, has_value=case.expected is not None)
        if given.failures and not right:
            print(f"{case.suite} {case.name}: expected {case.expected!r}, got {answer!r} {error}")
    print(rates if rates.levels else f"no test cases in {given.folder}")


if __name__ == "__main__":
    main()
