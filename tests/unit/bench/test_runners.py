from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from bench.engines import ENGINES
from bench.reader import Reader


def test_tesseract_when_told_the_language_then_it_gives_text_words_and_confidences(tmp_path: Path) -> None:
    path = tmp_path / "page.png"
    image = Image.new("L", (900, 160), "white")
    ImageDraw.Draw(image).text((30, 40), "An ordinary printed line", font=ImageFont.load_default(56), fill="black")
    image.save(path, dpi=(300, 300))
    with Reader(ENGINES["tesseract"]) as reader:
        output = reader.read([path], ["en"])
    assert output.error == ""
    assert output.exports["txt"].split() == ["An", "ordinary", "printed", "line"]
    assert [word for word, _ in output.words] == ["An", "ordinary", "printed", "line"]
    assert all(0.5 < confidence <= 1.0 for _, confidence in output.words)
    assert output.spent.cpu_seconds > 0.02
    assert reader.versions["tesseract"][0].isdigit()
