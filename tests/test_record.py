"""Classes that are defined by their fields."""

from __future__ import annotations

import pickle
import typing
from functools import cached_property
from typing import Any, ClassVar

import pytest

from linter.record import NamedTuple, defaults, field, fields, record, replace


@record
class Stop:
    """A stop of a tram."""

    name: str
    lines: tuple[int, ...] = ()
    doors: dict[str, int] = field(default_factory=dict)

    kind: ClassVar[str] = "stop"

    def __post_init__(self) -> None:
        if not self.name:
            raise ValueError("a stop has a name")

    @cached_property
    def busy(self) -> bool:
        return len(self.lines) > 1


@record(eq=False)
class Harbor(Stop):
    """A stop at the harbor."""

    ferry: bool = True


@record(frozen=False, eq=False)
class Count:
    """A number that changes."""

    number: int = 0


def test_fields_are_given_in_order_or_by_name() -> None:
    assert Stop("Harbor", (1, 2)) == Stop(lines=(1, 2), name="Harbor")
    assert Stop("Harbor").lines == ()
    assert Stop("Harbor").doors is not Stop("Harbor").doors
    assert fields(Harbor) == ("name", "lines", "doors", "ferry")
    assert Harbor("H", ferry=False).ferry is False
    assert set(defaults(Harbor)) == {"lines", "doors", "ferry"}
    assert fields(int) == ()


@pytest.mark.parametrize(
    ("values", "named"), [((), {}), (("a", (), {}, 4), {}), (("a",), {"name": "b"}), (("a",), {"kind": "bus"})]
)
def test_other_fields_are_an_error(values: tuple[Any, ...], named: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="Stop"):
        Stop(*values, **named)


def test_post_init_is_called() -> None:
    with pytest.raises(ValueError, match="has a name"):
        Stop("")


def test_equal_fields_make_equal_objects() -> None:
    assert hash(Stop("a", (1,), ())) == hash(Stop("a", (1,), ()))  # type: ignore[arg-type]
    assert Stop("a") != Stop("b")
    assert Stop("a") != Harbor("a")
    assert Count() != Count()
    assert len({Count(), Count()}) == 2


def test_an_object_is_replaced_not_changed() -> None:
    stop = Stop("a", (1, 2))
    assert stop.busy
    assert not replace(stop, lines=(1,)).busy
    with pytest.raises(AttributeError, match=r"Stop\.name"):
        stop.name = "b"  # type: ignore[misc]
    with pytest.raises(AttributeError, match=r"Stop\.name"):
        del stop.name  # type: ignore[misc]
    count = Count()
    count.number = 3
    assert repr(count) == "Count(number=3)"


class Line(NamedTuple):
    """A tram line."""

    name: str
    stops: tuple[str, ...] = ()
    number: int = 0

    @property
    def length(self) -> int:
        return len(self.stops)

    @classmethod
    def of(cls, name: str) -> Line:
        return cls(name)


class Other(typing.NamedTuple):
    """A tram line."""

    name: str
    stops: tuple[str, ...] = ()
    number: int = 0


def test_named_tuples_are_those_of_typing() -> None:
    line = Line("9", ("Harbor",))
    assert (line.length, Line.of("9").length, line == Other("9", ("Harbor",))) == (1, 0, True)
    for name in ("_fields", "_field_defaults", "__doc__", "__module__", "__match_args__"):
        assert getattr(Line, name) == getattr(Other, name)
    assert Line.__qualname__ == "Line"
    assert repr(line._replace(number=2)) == "Line(name='9', stops=('Harbor',), number=2)"
    assert typing.get_type_hints(Line) == typing.get_type_hints(Other)
    assert pickle.loads(pickle.dumps(line)) == line
    assert type(pickle.loads(pickle.dumps(line))) is Line
    assert (line._asdict(), Line._make(["9", (), 1])) == (Other("9", ("Harbor",))._asdict(), Other("9", (), 1))
    assert (Line.__new__.__defaults__, isinstance(line, tuple)) == (((), 0), True)
    for wrong in (lambda: Line(), lambda: Line("9", line="9"), lambda: Line("9", (), 0, 1), lambda: Line._make("9")):  # type: ignore[call-arg]
        with pytest.raises(TypeError):
            wrong()
    with pytest.raises(ValueError, match="line"):
        line._replace(line="9")  # type: ignore[call-arg]
    with pytest.raises(AttributeError):
        line.name = "8"  # type: ignore[misc]
