"""Random processes of all kinds, drawn block by block; every block has one way in and one way out."""

from random import Random

from tests.process import draw

VARIABLES = ("a", "b", "c")
#: What a person who works on an item of a list submits for it.
RESULT = "结"
MESSAGES, SIGNAL, CODES = ("来文", "回函"), "中止", ("E1", "E2")
_MESSAGE = (
    '<messageEventDefinition messageRef="msg"/>',
    '<messageEventDefinition messageRef="msg2"/>',
)
_ERROR = (
    '<errorEventDefinition errorRef="err"/>',
    '<errorEventDefinition errorRef="err2"/>',
    draw.ANY_ERROR,
)
_ESCALATION = ('<escalationEventDefinition escalationRef="esc"/>', '<escalationEventDefinition escalationRef="esc2"/>')  # fmt: skip


def random_process(seed: int) -> str:
    return _Pen(Random(seed)).process()


class _Pen:
    """Draws one file; ``parts`` are the elements of the level being drawn."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.number = 0
        self.parts: list[str] = []
        #: Error codes that something around the level being drawn catches.
        self.deep = 0

    # ------------------------------------------------------------ levels

    def process(self) -> str:
        self.callees: list[str] = []
        parts = self.level(self.random.randint(2, 3))
        return draw.process(*parts, more="".join(self.callees))

    def level(self, size: int, handlers: bool = True) -> list[str]:
        outer, self.parts = self.parts, []
        self.deep += 1
        first, last = self.name("s"), self.name("e")
        inside = self.sequence(size)
        self.add(draw.start(first), draw.end(last, self.final()))
        self.join(first, inside[0])
        self.join(inside[1], last)
        if handlers and self.chance(0.3):
            self.handler()
        self.deep -= 1
        parts, self.parts = self.parts, outer
        return parts

    def final(self) -> str:
        """What the end of a subprocess may throw."""
        if self.deep < 2 or not self.chance(0.25):
            return ""
        return self.random.choice([draw.TERMINATE, draw.SIGNAL, *_ERROR[:2], *_ESCALATION])

    def handler(self) -> None:
        """An event subprocess."""
        name, interrupting = self.name("v"), self.chance(0.5)
        trigger = self.random.choice([*_MESSAGE, draw.SIGNAL, self.timer(repeat=not interrupting), self.when(), _ERROR[0], _ERROR[2], *_ESCALATION])  # fmt: skip
        if "error" in trigger:
            interrupting = True
        inner, self.parts = self.parts, []
        self.deep += 1
        start, end, step = self.name("s"), self.name("e"), self.task()
        self.add(
            draw.start(start, trigger, isInterrupting=str(interrupting).lower()),
            draw.end(end, self.final() if self.chance(0.5) else ""),
        )
        self.join(start, step[0])
        self.join(step[1], end)
        self.deep -= 1
        inner, self.parts = self.parts, inner
        self.add(draw.sub(name, *inner, triggeredByEvent="true"))

    # ------------------------------------------------------------ words

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def name(self, kind: str) -> str:
        self.number += 1
        return f"{kind}{self.number}"

    def add(self, *parts: str) -> None:
        self.parts += parts

    def join(self, source: str, target: str, when: str | None = None) -> str:
        self.add(draw.flow(source, target, when=when))
        return f"{source}-{target}"

    def condition(self) -> str:
        compare = self.random.choice(["&gt;=", "&lt;", "=", "&gt;", "&lt;="])
        return f"{self.random.choice(VARIABLES)} {compare} {self.random.randint(2, 7)}"

    def when(self) -> str:
        return draw.when(f"{self.random.choice(VARIABLES)} &gt; 7")

    def timer(self, *, repeat: bool = False) -> str:
        hours = self.random.randint(1, 9)
        if repeat and self.chance(0.5):
            return draw.each_time(f"R{self.random.choice(['', '2', '3'])}/PT{hours}H")
        return draw.after(f"PT{hours}H")

    # ------------------------------------------------------------ blocks

    def sequence(self, size: int) -> tuple[str, str]:
        blocks = [self.block(size) for _ in range(self.random.randint(1, 2 if size < 2 else 3))]
        for (_, last), (first, _) in zip(blocks, blocks[1:], strict=False):
            self.join(last, first)
        return blocks[0][0], blocks[-1][1]

    def block(self, size: int) -> tuple[str, str]:
        small = [self.task, self.task, self.task, self.catch, self.throw, self.service]
        large = [
            self.parallel, self.parallel, self.inclusive, self.inclusive, self.choice, self.ring, self.inside,
            self.inside, self.call, self.race, self.nested_join, self.implicit, self.link, self.early_end,
        ]  # fmt: skip
        if size <= 0 or self.chance(0.35):
            return self.random.choice(small)()
        return self.random.choice(large)(size - 1)

    def task(self) -> tuple[str, str]:
        name = self.name("t")
        repeat = self.repeat() if self.chance(0.25) else ""
        self.add(self.random.choice([draw.user, draw.user, lambda n, r: draw.element("manualTask", n, r)])(name, repeat))  # fmt: skip
        return name, self.edges(name, ["message", "signal", "timer", "error", "condition"], 0.4)

    def service(self) -> tuple[str, str]:
        name = self.name("w")
        self.add(draw.service(name, 数=self.random.choice(VARIABLES)))
        return name, self.edges(name, ["timer", "error", "message"], 0.4)

    def repeat(self) -> str:
        kind, sequential = self.random.choice(["loop", "number", "list", "list"]), self.chance(0.5)
        if kind == "loop":
            most = {"loopMaximum": str(self.random.randint(1, 3))} if self.chance(0.6) else {}
            before = {"testBefore": "true"} if self.chance(0.4) else {}
            drawn = draw.repeat(
                self.condition() if self.chance(0.7) or not most else "", **most, **before
            )
            return drawn.replace('id="loop"', f'id="{self.name("loop")}"')
        if kind == "number":
            until = self.condition() if self.chance(0.4) else ""
            inside = f"<loopCardinality>{self.random.randint(0, 3)}</loopCardinality>" + (f"<completionCondition>{until}</completionCondition>" if until else "")  # fmt: skip
            return draw.element("multiInstanceLoopCharacteristics", self.name("mi"), inside, isSequential=str(sequential).lower())  # fmt: skip
        drawn = draw.each("名单", "人", sequential, *(("结果", RESULT) if self.chance(0.5) else ()))
        return drawn.replace('id="人"', f'id="{self.name("i")}"').replace(f'id="{RESULT}"', f'id="{self.name("r")}"')  # fmt: skip

    def edges(self, name: str, kinds: list[str], probability: float) -> str:
        """Boundary events on an activity; the way out behind it, where an interrupted way may come back."""
        if not self.chance(probability):
            return name
        merge = self.name("m")
        self.add(draw.xor(merge))
        self.join(name, merge)
        for kind in self.random.sample(kinds, self.random.randint(1, 2)):
            edge, cancel = self.name("b"), kind == "error" or self.chance(0.5)
            self.add(draw.boundary(edge, name, self.trigger(kind, repeat=not cancel), cancel))
            last = edge
            if self.chance(0.6):
                step = self.name("t")
                self.add(draw.user(step))
                self.join(edge, step)
                last = step
            if cancel and self.chance(0.6):
                self.join(last, merge)
            else:
                end = self.name("e")
                self.add(draw.end(end))
                self.join(last, end)
        return merge

    def trigger(self, kind: str, *, repeat: bool = False) -> str:
        return {
            "message": lambda: self.random.choice(_MESSAGE),
            "signal": lambda: draw.SIGNAL,
            "timer": lambda: self.timer(repeat=repeat),
            "error": lambda: self.random.choice(_ERROR),
            "escalation": lambda: self.random.choice(_ESCALATION),
            "condition": self.when,
        }[kind]()

    def catch(self) -> tuple[str, str]:
        name = self.name("c")
        if self.chance(0.2):
            self.add(draw.element("receiveTask", name, messageRef="msg"))
        else:
            self.add(draw.catch(name, self.trigger(self.random.choice(["message", "signal", "timer", "condition"]))))  # fmt: skip
        return name, name

    def throw(self) -> tuple[str, str]:
        name = self.name("x")
        what = self.random.choice([_MESSAGE[0], draw.SIGNAL, *_ESCALATION, "send"])
        if what == "send":
            self.add(draw.element("sendTask", name, messageRef="msg2"))
        else:
            self.add(draw.throw(name, what))
        return name, name

    def parallel(self, size: int) -> tuple[str, str]:
        fork, join = self.name("f"), self.name("j")
        self.add(draw.both(fork), draw.both(join))
        for _ in range(self.random.randint(2, 3)):
            first, last = self.sequence(size)
            self.join(fork, first)
            self.join(last, join)
        return fork, join

    def nested_join(self, size: int) -> tuple[str, str]:
        """A fork within a fork, all into one join."""
        fork, second, join = self.name("f"), self.name("f"), self.name("j")
        kind = self.random.choice([draw.both, draw.some])
        self.add(draw.both(fork), draw.both(second), kind(join))
        self.join(fork, second)
        for source in (fork, second, second):
            first, last = self.block(size)
            self.join(source, first)
            self.join(last, join)
        return fork, join

    def inclusive(self, size: int) -> tuple[str, str]:
        split, join = self.name("g"), self.name("k")
        default = ""
        for number in range(self.random.randint(2, 3)):
            first, last = self.sequence(size)
            flow = self.join(split, first, self.condition() if number else None)
            default = default or flow
            self.join(last, join)
        self.add(draw.some(split, default), draw.some(join))
        return split, join

    def choice(self, size: int) -> tuple[str, str]:
        split, join = self.name("g"), self.name("m")
        first, last = self.sequence(size)
        other = self.block(size) if self.chance(0.6) else None
        self.join(split, first, self.condition())
        self.join(last, join)
        default = self.join(split, other[0] if other else join)
        if other:
            self.join(other[1], join)
        self.add(draw.xor(split, default), draw.xor(join))
        return split, join

    def ring(self, size: int) -> tuple[str, str]:
        into, out = self.name("m"), self.name("g")
        first, last = self.sequence(size)
        work = self.name("t")
        self.add(draw.user(work), draw.xor(into))
        self.join(into, first)
        self.join(last, work)
        self.join(work, out)
        self.join(out, into, self.condition())
        after = self.name("m")
        self.add(draw.xor(out, self.join(out, after)), draw.xor(after))
        return into, after

    def inside(self, size: int) -> tuple[str, str]:
        name = self.name("o")
        repeat = self.repeat() if self.chance(0.35) else ""
        parts = self.level(size)
        # An endless ring of steps that need nobody is no process.
        if (
            not any("userTask" in p or "manualTask" in p for p in parts)
            and "standardLoop" in repeat
        ):
            repeat = ""
        self.add(draw.sub(name, repeat, *parts))
        return name, self.edges(name, ["message", "signal", "timer", "error", "error", "escalation", "escalation", "condition"], 0.7)  # fmt: skip

    def call(self, size: int) -> tuple[str, str]:
        name, callee = self.name("l"), self.name("q")
        self.callees.append(draw.called(*self.level(size), id=callee))
        self.add(draw.element("callActivity", name, calledElement=callee))
        return name, self.edges(name, ["signal", "timer", "error", "escalation"], 0.7)

    def race(self, size: int) -> tuple[str, str]:
        gateway, merge = self.name("g"), self.name("m")
        self.add(draw.element("eventBasedGateway", gateway), draw.xor(merge))
        for kind in self.random.sample(["message", "signal", "timer", "condition", "receive"], 2):
            branch = self.name("c")
            if kind == "receive":
                self.add(draw.element("receiveTask", branch, messageRef="msg2"))
            else:
                self.add(draw.catch(branch, self.trigger(kind)))
            self.join(gateway, branch)
            first, last = self.block(size)
            self.join(branch, first)
            self.join(last, merge)
        return gateway, merge

    def implicit(self, size: int) -> tuple[str, str]:
        """Several flows out of a task, some with conditions, one the default."""
        task, join = self.name("t"), self.name("k")
        conditional = self.chance(0.6)
        default = ""
        for number in range(self.random.randint(2, 3)):
            first, last = self.block(size)
            when = self.condition() if conditional and number == 1 else None
            flow = self.join(task, first, when)
            default = flow if conditional and number == 0 else default
            self.join(last, join)
        self.add(draw.user(task, **({"default": default} if default else {})), draw.some(join))
        return task, join

    def link(self, size: int) -> tuple[str, str]:
        here, there = self.name("x"), self.name("y")
        definition = f'<linkEventDefinition name="{here}"/>'
        first, last = self.block(size)
        self.add(draw.throw(here, definition), draw.catch(there, definition))
        self.join(last, here)
        return first, there

    def early_end(self, size: int) -> tuple[str, str]:
        """A branch that dies on a condition; what waits for it must not wait for ever."""
        split, end = self.name("g"), self.name("e")
        first, last = self.block(size)
        self.join(split, end, self.condition())
        default = self.join(split, first)
        self.add(draw.xor(split, default), draw.end(end, self.final()))
        return split, last
