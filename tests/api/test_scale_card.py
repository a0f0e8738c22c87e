"""The sheet that is printed is the card that is found."""

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from api.cli import app
from api.scale_card import make_scale_card
from forensics.photo import decode
from forensics.scale import find_cards, find_scales
from forensics.scale.patches import correct_colour


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_both_cards_of_the_sheet_measure_true(paper):
    sheet = decode(make_scale_card(paper, form="png", pixels_per_inch=300))

    found = find_cards(sheet)

    assert sorted(card.name for card in found) == ["a6", "small"]
    for card in found:
        assert card.millimetres_per_pixel == pytest.approx(25.4 / 300, rel=0.002)
        assert correct_colour(sheet, card).uncertainty < 1


def test_the_rulers_of_the_card_are_true_too():
    sheet = decode(make_scale_card(form="png", pixels_per_inch=300))
    card = find_cards(sheet)[0]
    left, top = np.rint(card.polygon.min(axis=0)).astype(int)
    right, bottom = np.rint(card.polygon.max(axis=0)).astype(int)
    # Without its chessboard it is any sheet with rulers.
    pixels = sheet.pixels[top - 20 : bottom + 20, left - 20 : right + 20].copy()
    to_card = card.to_card @ np.array([[1, 0, left - 20], [0, 1, top - 20], [0, 0, 1]])
    board = np.array([[[17, 6], [110, 6], [110, 68], [17, 68]]], np.float64)
    cv2.fillConvexPoly(
        pixels, np.rint(cv2.perspectiveTransform(board, np.linalg.inv(to_card))[0]).astype(int), (255,) * 3
    )

    scales = [
        scale.millimetres_per_pixel
        for scale in find_scales(decode(cv2.imencode(".png", pixels[..., ::-1])[1].tobytes()))
    ]

    assert scales[:2] == pytest.approx([25.4 / 300] * 2, rel=0.003)


def test_the_command_writes_a_pdf_and_never_over_a_file_unasked(tmp_path):
    file = tmp_path / "card.pdf"

    first = CliRunner().invoke(app, ["scale-card", str(file)])
    again = CliRunner().invoke(app, ["scale-card", str(file)])
    replaced = CliRunner().invoke(app, ["scale-card", str(file), "--replace", "--paper", "letter"])

    assert (first.exit_code, again.exit_code, replaced.exit_code) == (0, 1, 0)
    assert file.read_bytes().startswith(b"%PDF-")
    assert "--replace" in again.output
