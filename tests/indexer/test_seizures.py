from __future__ import annotations

from datetime import date

import pytest

from indexer import Memory, seizures
from indexer.errors import NotFound, Refused
from indexer.records import Organisation, SeizureCreate, SeizureUpdate, new_key


def test_a_reference_is_taken_once_for_each_owner(memory: Memory) -> None:
    first = seizures.create(memory, SeizureCreate(case_reference="A-1", country="somewhere"))
    assert first.owner_id == memory.home_id
    with pytest.raises(Refused) as refused:
        seizures.create(memory, SeizureCreate(case_reference="A-1"))
    assert refused.value.code == "case_reference_taken"
    partner = Organisation(name="Partner")
    with memory.writing() as session:
        session.add(partner)
    assert seizures.create(memory, SeizureCreate(case_reference="A-1"), owner_id=partner.id).id != first.id
    known, created = seizures.find_or_create(memory, SeizureCreate(case_reference="A-1", country="elsewhere"))
    assert (known.id, known.country, created) == (first.id, "somewhere", False)
    _, created = seizures.find_or_create(memory, SeizureCreate(case_reference="A-2"))
    assert created


def test_only_what_is_set_changes(memory: Memory) -> None:
    made = seizures.create(memory, SeizureCreate(case_reference="A-1", date=date(2026, 1, 2), place="Port"))
    changed = seizures.update(memory, made.id, SeizureUpdate(notes="wet", date=None))
    assert (changed.case_reference, changed.place, changed.notes, changed.date) == ("A-1", "Port", "wet", None)
    assert changed.updated_at > made.created_at
    seizures.create(memory, SeizureCreate(case_reference="A-2"))
    with pytest.raises(Refused):
        seizures.update(memory, made.id, SeizureUpdate(case_reference="A-2"))
    with pytest.raises(NotFound):
        seizures.update(memory, new_key(), SeizureUpdate())
