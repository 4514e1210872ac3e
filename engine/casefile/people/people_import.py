"""导入人员: the court's people from a CSV or XLSX file, all of them or nobody.

Read by the reader of intake files. Every row is what the form 添加人员 takes, with the words that the
pages show; a row that the form would refuse is named with its line and column.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from engine import db
from engine.casefile import labels
from engine.casefile.intake import files
from engine.casefile.intake.cells import FileRefused, Line, Refusal
from engine.casefile.people import duties, people, people_changes
from engine.casefile.people.people_changes import Given, PersonIncomplete
from engine.casefile.people.users import User

#: Column -> field of the form.
COLUMNS = {
    "姓名": "name",
    "用户名": "login",
    "职务": "title",
    "电话": "phone",
    "团队": "team",
    "岗位和权限": "roles",
}
#: Each password costs argon2's time, and all are stored in one transaction.
MOST = 100
_TEAMS = {word: key for key, word in labels.STAGES.items()}
_ROLES = {word: key for key, word in labels.ROLES.items()}
_BETWEEN = re.compile(r"[、；;，,/\s]+")


@dataclass(frozen=True)
class Added:
    id: UUID
    name: str
    login: str
    #: Shown once.
    password: str


class RowsRefused(FileRefused):
    """文件中有不合格的行，没有添加任何人员"""

    code = "people_rows_refused"

    def __init__(self, refusals: list[Refusal]) -> None:
        super().__init__()
        self.refusals = refusals


def import_file(session: db.Session, viewer: User, data: bytes) -> list[Added]:
    """Everybody in the file with his one-time password, in its order; ``RowsRefused`` adds nobody."""
    people.must_administer(viewer)
    lines = files.read(data, tuple(COLUMNS)).lines
    if not lines:
        raise FileRefused("文件里没有人员")
    if len(lines) > MOST:
        raise FileRefused(f"一次最多导入 {MOST} 人，请分成几个文件")
    added, refused = [], []
    for line in lines:
        given, faults = _given(line)
        if not faults:
            try:
                id_, password = people_changes.add(session, viewer, given)
                added.append(Added(id_, given.name, given.login, password))
            except PersonIncomplete as error:
                faults = error.problems
        refused += list(_refusals(line, faults))
    if refused:
        raise RowsRefused(refused)
    return added


def _given(line: Line) -> tuple[Given, dict[str, str]]:
    """The row as the form would send it, and what cannot even be read."""
    found = {field: line.cells[column].text.strip() for column, field in COLUMNS.items()}
    faults = {"row": line.fault} if line.fault else {}
    for column, field in COLUMNS.items():
        if line.cells[column].kind in ("formula", "error"):
            faults[field] = "请填写文字，不能是公式"
    if found["team"] and found["team"] not in _TEAMS:
        faults["team"] = f"团队须为{'、'.join(_TEAMS)}，或者空着"
    words = [word for word in _BETWEEN.split(found["roles"]) if word]
    unknown = [word for word in words if word not in _ROLES]
    if unknown:
        faults["roles"] = (
            f"没有“{unknown[0][:20]}”这个岗位或者权限，可填{duties.words(labels.ROLES)}"
        )
    given = Given(
        name=found["name"],
        login=found["login"].lower(),
        title=found["title"],
        phone=found["phone"],
        team=_TEAMS.get(found["team"]),
        roles=frozenset(_ROLES[word] for word in words if word in _ROLES),
    )
    return people_changes.tidied(given), faults


def _refusals(line: Line, faults: dict[str, str]) -> Iterator[Refusal]:
    names = {field: column for column, field in COLUMNS.items()}
    for field, reason in faults.items():
        column = names.get(field, "")
        value = line.cells[column].text if column else ""
        yield Refusal(line.number, column, value, reason)
