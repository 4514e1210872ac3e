"""Prints the counts, and every construct that is not as it should be; ``--write`` writes the page."""

import sys
from collections import Counter

from tests.conformance.page import PAGE, written
from tests.process.proof.rows import Refused, Runs
from tests.process.proof.rows.everything import ROWS
from tests.process.proof.rows.judging import judge, judge_row


def main(arguments: list[str]) -> int:
    verdicts: Counter[str] = Counter()
    for row in ROWS:
        verdict, why = judge_row(row)
        verdicts[verdict] += 1
        if verdict in ("wrong", "crashed"):
            print(f"{row.construct}: {verdict}, {why}")
    examples = [e for row in ROWS for e in (*row.examples, *([row.twin] if row.twin else []))]
    right = sum(isinstance(e, Runs) and judge(e)[0] == "right" for e in examples)
    refused = sum(isinstance(e, Refused) and judge(e)[0] == "refused" for e in examples)
    print(f"constructs run right  {verdicts['right']}")
    print(f"refused               {verdicts['refused']}")
    print(f"silently wrong        {verdicts['wrong']}")
    print(f"crashed               {verdicts['crashed']}")
    print(f"of {len(examples)} examples {right} run right, {refused} are refused as they should be")
    if "--write" in arguments:
        PAGE.write_text(written(), encoding="utf-8")
        print(f"written: {PAGE.name}")
    return 1 if verdicts["wrong"] or verdicts["crashed"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
