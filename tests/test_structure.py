"""款 and 项 are counted as a court counts them."""

from __future__ import annotations

import pytest

from corpus.structure import find_item, items, lead, paragraphs

GUARDIAN = (
    "有下列情形之一的，监护关系终止：\n（一）被监护人取得完全民事行为能力；\n（二）监护人丧失监护能力。\n"
    "监护关系终止后，被监护人仍然需要监护的，应当依法另行确定监护人。"
)
NATIONALITY = "可以经申请批准加入中国国籍：\n一、中国人的近亲属；\n二、定居在中国的；\n三、有其它正当理由。"
TARIFF = "（一）人身伤亡\n1.总吨位300吨，为3万；\n2.总吨位500吨，为5万。\n（二）财产\n1.总吨位300吨，为1万。"


def test_items_belong_to_the_paragraph_above_them() -> None:
    first, second = paragraphs(GUARDIAN)
    assert first.endswith("（二）监护人丧失监护能力。") and second.startswith("监护关系终止后")
    assert [item.number for item in items(first)] == [1, 2] and items(second) == ()
    assert lead(first) == "有下列情形之一的，监护关系终止："


@pytest.mark.parametrize(
    ("paragraph", "number", "found"), [(None, 2, 1), (1, 2, 1), (2, 2, None), (1, 3, None)]
)
def test_an_item_is_found_in_its_paragraph_only(
    paragraph: int | None, number: int, found: int | None
) -> None:
    place = find_item(GUARDIAN, paragraph, number)
    assert (place[0] if place else None) == found


def test_a_plain_list_after_a_colon_is_items() -> None:
    assert len(paragraphs(NATIONALITY)) == 1
    assert [item.number for item in items(NATIONALITY)] == [1, 2, 3]


def test_a_sentence_that_begins_with_a_numeral_is_a_paragraph() -> None:
    assert (
        len(
            paragraphs(
                "发生一类动物疫病时，应当上报。\n二、三类动物疫病呈暴发性流行时，按照一类动物疫病处理。"
            )
        )
        == 2
    )


def test_points_belong_to_their_item() -> None:
    assert len(paragraphs(f"赔偿限额如下：\n{TARIFF}")) == 1
    assert [item.text.count("\n") for item in items(f"赔偿限额如下：\n{TARIFF}")] == [2, 1]
