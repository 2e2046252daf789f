"""The part of a form that people fill in: scores with weights, comments, signatures."""

from __future__ import annotations

from pipeline.agents.form import Form
from pipeline.agents.words import Words
from pipeline.workbooks import Cells, at

COLUMNS = 8
TALL = 42


def begin(cells: Cells, words: Words, section: str, *heads: str) -> None:
    """Head a part of the form, and its columns."""
    cells.section(words(section), COLUMNS)
    cells.line([words(head) for head in heads], "head")


class People:
    """Writes it; the overall score and its grade follow what is filled in."""

    def __init__(self, cells: Cells, words: Words, form: Form) -> None:
        self.cells = cells
        self.words = words
        self.form = form

    def write(self, mean: str) -> tuple[str, str]:
        """Weights and scores; returns where the overall score and its grade stand."""
        cells, words = self.cells, self.words
        begin(
            cells, words, "people", "item", "weight", "points_got", "remark", "scale", "scale_from",
            "scale_calls",
        )  # fmt: skip
        first = cells.row
        low, names = self._scale(first)
        self._items(mean, first)
        overall = self._overall(first, cells.row - 1)
        self._label("grade")
        formula = f'IF({overall}="","",LOOKUP(ROUND({overall},2),{low},{names}))' if low else '""'
        grade = cells.formula(2, formula, self.form.grade if low else "", "sum_label")
        cells.row = max(cells.row + 1, first + len(self.form.grades))
        self._comments()
        return overall, grade

    def _items(self, mean: str, first: int) -> None:
        """What the score is made of, each with its weight."""
        cells, words = self.cells, self.words
        cells.put(0, words("quality"), "label")
        cells.put(1, 100, "fill_score")
        cells.formula(2, mean, self.form.figures.mean, "score")
        cells.put(3, words("quality_note"), "text")
        cells.fit((3, words("quality_note")))
        for key in ("attendance", "attitude"):
            cells.row += 1
            cells.put(0, words(key), "label")
            for column, look in ((1, "fill_score"), (2, "fill_score"), (3, "fill")):
                cells.put(column, None, look)
        self._only_scores(first, cells.row)
        cells.row += 1

    def _overall(self, first: int, last: int) -> str:
        """The mean by weight of what has a score."""
        cells = self.cells
        weights, scores = f"{at(first, 1)}:{at(last, 1)}", f"{at(first, 2)}:{at(last, 2)}"
        filled = f"SUMPRODUCT({weights}*ISNUMBER({scores}))"
        formula = f'IF({filled}=0,"",SUMPRODUCT({weights},{scores})/{filled})'
        self._label("overall")
        address = cells.formula(2, formula, self.form.figures.mean, "sum_score")
        cells.put(3, self.words("overall_note"), "text")
        cells.fit((3, self.words("overall_note")))
        cells.row += 1
        return address

    def _label(self, key: str) -> None:
        self.cells.put(0, self.words(key), "sum_label")
        self.cells.put(1, None, "sum_label")

    def _scale(self, first: int) -> tuple[str, str]:
        """The grades from the lowest up, beside what is filled in, and how many calls each has."""
        graded = dict(self.form.graded)
        rising = sorted(self.form.grades, key=lambda grade: grade[1])
        for place, (name, lowest) in enumerate(rising):
            self.cells.row = first + place
            for column, value, look in (
                (4, name, "plain"), (5, lowest, "score"), (6, graded.get(name, 0), "count"),
            ):  # fmt: skip
                self.cells.put(column, value, look)
        self.cells.row = first
        if not rising:
            return "", ""
        last = first + len(rising) - 1
        low = f"${at(first, 5)[0]}${first + 1}:${at(last, 5)[0]}${last + 1}"
        names = f"${at(first, 4)[0]}${first + 1}:${at(last, 4)[0]}${last + 1}"
        return low, names

    def _only_scores(self, first: int, last: int) -> None:
        rule = {
            "validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100,
            "error_message": self.words("score_wrong"),
        }  # fmt: skip
        self.cells.sheet.data_validation(first, 1, last, 1, rule)
        self.cells.sheet.data_validation(first + 1, 2, last, 2, rule)

    def _comments(self) -> None:
        cells, words = self.cells, self.words
        cells.section(words("comments"), COLUMNS)
        for key in ("said_agent", "said_leader", "said_qa"):
            row = cells.row
            cells.sheet.set_row(row, TALL)
            cells.put(0, words(key), "label")
            cells.sheet.merge_range(row, 1, row, 5, "", cells.looks("fill"))
            cells.put(6, words("sign"), "label")
            cells.put(7, None, "fill")
            cells.row += 1
