"""5,000 mixed cases through ``calc`` in one process: the contract allows 10 s on one core.

python -m benchmarks.rules [number of cases]
"""

import json
import random
import sys
from collections import defaultdict
from datetime import date, timedelta
from time import perf_counter

from engine.casefile.rules import delivered
from engine.casefile.rules.calc import answer_lines

KINDS = (
    "deadline",
    "workday",
    "calendar",
    "interest",
    "fee",
    "distribution",
    "route",
    "approval",
    "served",
)


def case(chance, kind):  # noqa: PLR0911  one return a kind
    day = date(2025, 1, 1) + timedelta(days=chance.randrange(600))
    later = day + timedelta(days=chance.randrange(1, 300))
    amount = f"{chance.randrange(1, 20_000_000)}.{chance.randrange(100):02}"
    match kind:
        case "deadline":
            pause = {"from": str(day + timedelta(days=9)), "to": str(day + timedelta(days=19))}
            return {"rule": "DL42", "trigger": str(day), "pauses": [pause], "extensions": 1}
        case "workday":
            return {"from": str(day), "days": chance.randrange(-2000, 2001)}
        case "calendar":
            return {"year": chance.randrange(2022, 2027)}
        case "interest":
            payments = [{"date": str(day + timedelta(days=n)), "amount": amount} for n in range(3)]
            general = [{"from": str(day), "annual_rate": "3.85"}]
            return {"principal": amount, "expiry": str(day), "until": str(day + timedelta(days=400)), "general": general, "payments": payments}  # fmt: skip
        case "fee":
            return {"amount": amount}
        case "distribution":
            claims = [{"id": n, "amount": f"{chance.randrange(1, 10**6)}"} for n in range(12)]
            return {"price": amount, "debtor": "citizen", "claims": claims, "fee": "0"}
        case "route":
            return {
                "table": chance.choice(["stage1", "stage2", "stage3"]),
                "new_clue": True,
                "funds": amount,
            }
        case "approval":
            return {"document": chance.choice(["D002", "D020", "D149", "D146"]), "amount": amount, "undisputed": True, "payee_is_applicant": True}  # fmt: skip
        case _:
            attempts = [
                {"channel": "direct"},
                {"channel": "public", "posted_on": [str(day), str(later)]},
            ]
            return {"attempts": attempts}


def main():
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    chance = random.Random(7)
    started = perf_counter()
    rules = delivered()
    loaded = perf_counter() - started
    spent = defaultdict(float)
    for index in range(number):
        kind = KINDS[index % len(KINDS)]
        line = json.dumps({"id": index, "calc": kind, **case(chance, kind)})
        begun = perf_counter()
        (answered,) = answer_lines(rules, [line])
        spent[kind] += perf_counter() - begun
        assert json.loads(answered)["ok"], answered
    for kind, seconds in spent.items():
        print(f"{kind:14}{seconds / (number / len(KINDS)) * 1000:8.3f} ms a case")
    print(f"{'loading':14}{loaded * 1000:8.0f} ms once")
    print(f"{number} cases: {sum(spent.values()) + loaded:.2f} s (allowed: 10 s for 5,000)")


if __name__ == "__main__":
    main()
