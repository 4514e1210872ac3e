"""People of the court: who may be what, what a change leaves behind, and who may not be changed."""

import threading
from dataclasses import replace

import pytest
from sqlalchemy import update

from engine import audit, db
from engine.casefile.case import desk
from engine.casefile.people import access, duties, passwords, people, people_changes, users
from engine.casefile.people.people import Filters
from engine.casefile.people.people_changes import Given, PersonIncomplete
from engine.errors import NotFound
from engine.process import tasks
from engine.process.tasks import TASK
from tests.casefile.court import PASSWORD, make

NEW = Given(
    login="wen", name="温时雨", title="书记员", team="asset_control", roles=frozenset({"clerk"})
)


@pytest.fixture
def court(database):
    return make()


@pytest.fixture
def admin(court):
    return _admin(court)


def _admin(court, login="admin"):
    id_ = db.in_transaction(
        users.add,
        court.id,
        login=login,
        name=f"系统{login}",
        title="系统管理员",
        password=PASSWORD,
        roles=["sysadmin"],
    )
    return db.read_only(users.get, id_)


def file(admin, user):
    return db.read_only(people.file, admin, user.id)


def given(user, **changes):
    shown = Given(user.name, user.title, user.phone, user.team, user.roles)
    return replace(shown, **changes)


def change(admin, user, **changes):
    seen = file(admin, user).number
    db.in_transaction(people_changes.change, admin, user.id, given(user, **changes), seen)
    return db.read_only(users.get, user.id)


def problems(admin, user, **changes):
    with pytest.raises(PersonIncomplete) as refused:
        change(admin, user, **changes)
    return refused.value.problems


# ---------------------------------------------------------------- adding


def test_a_new_person_signs_in_once_with_a_password_that_must_be_changed(court, admin):
    id_, password = db.in_transaction(people_changes.add, admin, NEW)
    user, _token = db.in_transaction(users.sign_in, "wen", password)
    assert user.id == id_ and user.must_change_password
    assert db.read_only(users.of_team, court.id, "asset_control", "clerk")[0].name == "温时雨"


def test_what_is_wrong_with_a_new_person_is_said_at_its_field(admin):
    for field, wrong in {
        "login": ("shen", "沈", "Wen", "", "w"),
        "name": ("", "a~b", "2026"),
        "title": ("", "法" * 31),
        "phone": ("call me",),
        "team": ("nowhere", None),
        "roles": (frozenset(), frozenset({"clerk", "sysadmin"})),
    }.items():
        for value in wrong:
            with pytest.raises(PersonIncomplete) as refused:
                db.in_transaction(people_changes.add, admin, replace(NEW, **{field: value}))
            assert field in refused.value.problems, (field, value)


def test_only_roles_that_there_are_can_be_given():
    asked = Given(name=" 温时雨 ", roles=frozenset({"clerk", "emperor"}))
    tidy = people_changes.tidied(asked)
    assert (tidy.name, tidy.roles) == ("温时雨", {"clerk"})


@pytest.mark.parametrize(
    ("roles", "word"),
    [
        ("sysadmin handling_judge", "系统管理"),
        ("sysadmin bureau_director", "系统管理"),
        ("fund_controller handling_judge", "案款"),
        ("fund_controller finance", "财务"),
        ("finance clerk", "案款"),
        ("clerk handling_judge", "书记员"),
        ("assistant vice_president", "法官助理"),
        ("clerk panel_member", "合议"),
        ("field_officer bureau_director", "外勤"),
    ],
)
def test_what_must_be_in_different_hands_is_refused(roles, word):
    assert word in duties.faults(frozenset(roles.split()), "asset_control")["roles"]


@pytest.mark.parametrize(
    ("roles", "team"),
    [
        ("sysadmin designer deployer operator", None),
        ("handling_judge panel_member team_leader", "asset_control"),
        ("handling_judge bureau_director", "asset_disposal"),
        ("command_centre operator deployer", None),
    ],
)
def test_what_may_be_in_one_hand_is_not(roles, team):
    assert duties.faults(frozenset(roles.split()), team) == {}


# ---------------------------------------------------------------- changing


def test_a_changed_office_counts_at_once_and_pooled_tasks_follow_it(court, admin):
    clerk, assistant = court.user("xu"), court.user("tan")
    task_id = pooled(court, "书记员")
    assert db.read_only(desk.is_mine, clerk, task_id)
    changed = change(admin, clerk, roles=frozenset({"assistant"}))
    assert not db.read_only(desk.is_mine, changed, task_id)
    changed = change(admin, assistant, roles=frozenset({"clerk"}))
    assert db.read_only(desk.is_mine, changed, task_id)
    moved = change(admin, changed, team="asset_disposal")
    assert not db.read_only(desk.is_mine, moved, task_id)


def pooled(court, lane):
    """An open task of a case in its first stage, for anybody of this lane in the team."""
    case_id = court.accept("shen")
    court.work()
    [task, *_] = db.read_only(tasks.open_of, case_id=case_id)
    pool = update(TASK).where(TASK.c.id == task.id).values(scope="team", role=lane, assignee=None)
    db.in_transaction(lambda session: session.execute(pool) and None)
    return task.id


def test_a_judge_with_cases_keeps_his_team_and_office_until_they_are_moved(court, admin):
    court.accept("shen")
    judge = court.user("shen")
    assert "1 件案件" in problems(admin, judge, team="asset_disposal")["team"]
    lost = problems(admin, judge, roles=frozenset({"clerk"}))
    assert "1 件案件" in lost["roles"]
    assert change(admin, judge, name="沈若山").name == "沈若山"


def test_who_saw_an_older_state_changes_nothing(court, admin):
    user = court.user("xu")
    change(admin, user, name="许佳")
    with pytest.raises(people_changes.ChangedMeanwhile, match="系统admin"):
        db.in_transaction(people_changes.change, admin, user.id, given(user), 0)


def test_nobody_changes_his_own_roles_or_disables_himself(admin):
    with pytest.raises(people_changes.OwnAccount):
        change(admin, admin, roles=frozenset({"sysadmin", "designer"}))
    with pytest.raises(people_changes.OwnAccount):
        db.in_transaction(people_changes.disable, admin, admin.id)
    assert change(admin, admin, phone="0519-80001234").phone == "0519-80001234"


def test_two_administrators_cannot_take_the_right_from_each_other(court, admin):
    other = _admin(court, "second")
    refused, start = [], threading.Barrier(2)

    def take(one, from_whom):
        start.wait()
        try:
            db.in_transaction(people_changes.disable, one, from_whom.id)
        except (access.Forbidden, NotFound) as error:
            refused.append(error)

    threads = [
        threading.Thread(target=take, args=pair) for pair in ((admin, other), (other, admin))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert len(db.read_only(users.with_role, court.id, "sysadmin")) == 1


def test_only_an_administrator_reads_and_changes_people_and_only_of_his_court(court, admin):
    judge = court.user("shen")
    with pytest.raises(access.Forbidden):
        db.read_only(people.listing, court.user("luo"), Filters())
    with pytest.raises(access.Forbidden):
        db.in_transaction(people_changes.reset_password, court.user("luo"), judge.id)
    with pytest.raises(NotFound):
        db.read_only(people.file, replace(admin, court_id=judge.id), judge.id)


# ---------------------------------------------------------------- disabling


def test_who_handles_cases_is_not_disabled_and_then_is_with_nothing_lost(court, admin):
    case_id = court.accept("shen")
    judge, idle = court.user("shen"), court.user("lu")
    with pytest.raises(people_changes.HoldsWork, match="承办 1 件案件"):
        db.in_transaction(people_changes.disable, admin, judge.id)
    _user, token = db.in_transaction(users.sign_in, "lu", PASSWORD)
    db.in_transaction(people_changes.disable, admin, idle.id)
    assert db.read_only(users.of_token, token) is None
    assert isinstance(db.in_transaction(users.sign_in, "lu", PASSWORD), users.SignInRefused)
    assert db.read_only(users.name_of, idle.id) == "陆怀瑾"
    db.in_transaction(people_changes.enable, admin, idle.id)
    assert db.in_transaction(users.sign_in, "lu", PASSWORD)[0].roles == idle.roles
    assert court.case(case_id).handler_id == judge.id


def test_a_closed_account_is_opened_by_hand(court, admin):
    for _ in range(users.ATTEMPTS):
        db.in_transaction(users.sign_in, "shen", "x")
    judge = court.user("shen")
    closed = db.read_only(people.listing, admin, Filters(state="closed")).people
    assert [p.login for p in closed] == ["shen"]
    db.in_transaction(people_changes.unlock, admin, judge.id)
    assert isinstance(db.in_transaction(users.sign_in, "shen", PASSWORD), tuple)


# ---------------------------------------------------------------- what stays written


def test_every_act_stands_in_the_persons_own_chain_without_any_password(court, admin):
    id_, first = db.in_transaction(people_changes.add, admin, NEW)
    user = db.read_only(users.get, id_)
    change(admin, user, roles=frozenset({"assistant"}), title="法官助理")
    second = db.in_transaction(people_changes.reset_password, admin, id_)
    db.in_transaction(people_changes.disable, admin, id_)
    db.in_transaction(people_changes.enable, admin, id_)
    acts = file(admin, user).history
    assert [act.action.removeprefix("account_") for act in acts] == [
        "enabled",
        "disabled",
        "password_reset",
        "changed",
        "added",
    ]
    assert acts[3].changes["roles"] == (["clerk"], ["assistant"])
    assert {act.actor for act in acts} == {"系统admin"}
    assert db.read_only(audit.verify, id_) is None
    written = repr(acts)
    assert first not in written and second not in written


# ---------------------------------------------------------------- list


def test_the_list_finds_by_part_of_the_name_team_role_and_state(court, admin):
    def found(**filters):
        return {p.login for p in db.read_only(people.listing, admin, Filters(**filters)).people}

    assert found(text="沈") == {"shen"} and found(text="SHE") == {"shen"} and not found(text="%")
    assert found(team="fund_distribution") == {"liang"}
    assert "admin" in found(team=people.NO_TEAM) and "shen" not in found(team=people.NO_TEAM)
    assert found(role="panel_member") == {"lu", "fang"}
    db.in_transaction(people_changes.disable, admin, court.user("fang").id)
    assert found(state="disabled") == {"fang"} and "fang" not in found(state="active")


def test_the_list_goes_on_where_it_stopped(admin):
    first = db.read_only(people.listing, admin, Filters(), 5)
    last = first.people[-1]
    rest = db.read_only(people.listing, admin, Filters(after=(last.name, last.id)), 50)
    logins = [p.login for p in (*first.people, *rest.people)]
    assert first.more and len(logins) == len(set(logins)) == first.total


# ---------------------------------------------------------------- passwords


@pytest.mark.parametrize(
    "password",
    ["short-one", "ruochuan", "shen@20261124", "1234567890", "9876543210", "aaaaaaaaaaaa",
     "password123", "abcdefghijk", "沈若川20261124", "x" * 129],
)  # fmt: skip
def test_a_password_that_is_guessed_first_is_refused(password):
    assert passwords.fault(password, login="shen", name="沈若川")


def test_length_is_enough_no_composition_is_asked_for():
    assert passwords.fault("four plain words here", login="shen", name="沈若川") == ""
    assert passwords.fault(passwords.one_time(), login="shen", name="沈若川") == ""
    assert passwords.one_time() != passwords.one_time()
