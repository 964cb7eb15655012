"""Classes that hold values: held to what `dataclasses` makes of the same ones."""

from __future__ import annotations

import dataclasses
from typing import Any, ClassVar

import pytest

from linter import records


def made(module: Any, **how: bool) -> Any:
    """A class with fields of all sorts."""

    @module.dataclass(**how)
    class Tram:
        line: str
        cars: int
        doors: int = 2
        stops: list[str] = module.field(default_factory=list)
        kinds: ClassVar[int] = 1

        def __post_init__(self) -> None:
            if self.cars < 0:
                raise ValueError("no cars")

        @property
        def all_doors(self) -> int:
            return self.cars * self.doors

    return Tram


WAYS = [
    {"frozen": frozen, "eq": eq, "slots": slots}
    for frozen in (False, True)
    for eq in (False, True)
    for slots in (False, True)
]
GIVEN: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
    (("4", 2), {}),
    (("4", 2, 3), {}),
    (("4", 2, 3, ["Zoo"]), {}),
    (("4",), {"cars": 2}),
    (("4", 2), {"stops": ["Zoo"]}),
    ((), {"line": "4", "cars": 2, "doors": 1}),
    ((), {}),
    (("4",), {}),
    (("4",), {"doors": 1}),
    (("4", 2, 3, [], 5), {}),
    (("4", 2), {"line": "5"}),
    (("4", 2), {"wheels": 8}),
    ((), {"line": "4", "wheels": 8}),
    (("4", -1), {}),
]


def outcome(cls: Any, values: tuple[Any, ...], named: dict[str, Any]) -> Any:
    try:
        one = cls(*values, **named)
    except (TypeError, ValueError) as error:
        return type(error)
    return one.line, one.cars, one.doors, one.stops, one.kinds, one.all_doors


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_objects_are_made_as_dataclasses_makes_them(way: dict[str, bool]) -> None:
    plain, ours = made(dataclasses, **way), made(records, **way)
    assert records.fields(ours) == records.fields(plain) == ("line", "cars", "doors", "stops")
    for values, named in GIVEN:
        assert outcome(ours, values, named) == outcome(plain, values, named), (values, named)


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_objects_are_alike_and_change_as_with_dataclasses(way: dict[str, bool]) -> None:
    for cls in (made(dataclasses, **way), made(records, **way)):
        one, same, other = cls("4", 2), cls("4", 2), cls("5", 2)
        assert (one == same) is way["eq"]
        assert one != other
        assert one.stops is not same.stops
        assert records.replace(one, line="5").line == "5"
        assert records.replace(one, line="5").stops is one.stops
        assert (cls.__hash__ is None) is (way["eq"] and not way["frozen"])
        assert hasattr(one, "__dict__") is not way["slots"]
        if way["frozen"]:
            with pytest.raises(AttributeError):
                one.cars = 3
        else:
            one.cars = 3
            assert one.all_doors == 6
    assert repr(one).endswith("Tram(line='4', cars=3, doors=2, stops=[])".replace("3", "2" if way["frozen"] else "3"))


def test_objects_that_are_alike_have_one_hash() -> None:
    @records.dataclass(frozen=True)
    class Stop:
        name: str
        lines: tuple[int, ...] = ()

    assert len({Stop("Zoo", (4,)), Stop("Zoo", (4,)), Stop("Zoo")}) == 2
    with pytest.raises(TypeError):
        records.replace(Stop("Zoo"), place="here")
