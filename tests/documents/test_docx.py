import io

import docx

from engine.documents import template
from engine.documents.docx import to_docx


def test_the_docx_holds_the_same_words(ruling, case):
    document = template.render(ruling, case)
    opened = docx.Document(io.BytesIO(to_docx(document)))
    lines = [paragraph.text for paragraph in opened.paragraphs]
    assert lines[:3] == ["临江市人民法院", "执行裁定书", "（2026）苏0199执1234号"]
    assert "审　判　员　　　张建军" in lines
    assert "二〇二六年十一月二十三日" in lines
    cells = [[cell.text for cell in row.cells] for row in opened.tables[0].rows]
    assert cells[0] == ["序号", "财产名称", "权证号码", "期限"]
    assert cells[2] == ["2", "小型汽车苏Z12345", "—", "二年"]


def test_bold_stays_bold(ruling, case):
    opened = docx.Document(io.BytesIO(to_docx(template.render(ruling, case))))
    bold = [run.text for paragraph in opened.paragraphs[3:] for run in paragraph.runs if run.bold]
    assert any("民事诉讼法" in text for text in bold)
