"""A practice set laid out for tools: every design in five seizures, of two tools and one imitation."""

from __future__ import annotations

from collections import Counter

from reference_samples.generator.world import World, date_and_fill, lay_out_tools


def test_every_design_has_two_tools_with_two_seizures_each_and_one_redrawn() -> None:
    world = World(3)
    lay_out_tools(world, 20)
    date_and_fill(world)
    tools = Counter(seizure.line.tool.tool_id for seizure in world.seizures if seizure.line.tool)
    assert sorted(tools.values()) == [1] * 4 + [2] * 8
    designs = Counter(seizure.line.tool.design.design_id for seizure in world.seizures if seizure.line.tool)
    redrawn = {name for name, design in world.designs.items() if design.redrawn_from}
    assert {designs[name] for name in redrawn} == {1}
    assert {designs[name] for name in world.designs if name not in redrawn} == {4}
    assert {tool.kind for tool in world.tools} == {"press", "stamp", "punch", "plate"}


def test_seizures_of_one_design_share_no_batch() -> None:
    world = World(4)
    lay_out_tools(world, 10)
    assert len({seizure.batch.batch_id for seizure in world.seizures}) == 10


def test_the_last_group_may_be_cut_short() -> None:
    world = World(5)
    lay_out_tools(world, 7)
    assert len(world.seizures) == 7
