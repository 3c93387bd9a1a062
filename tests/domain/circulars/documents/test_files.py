import orjson

from domain.circulars.documents import docx, json, pdf, xlsx
from domain.circulars.documents.files import files
from tests.domain.circulars.documents.figures import april, heading


def test_json_is_the_data_with_its_hash():
    assert orjson.loads(json.write(heading(), april())) == april().as_json()


def test_json_does_not_depend_on_the_heading():
    assert json.write(heading(), april()) == json.write(
        heading(document_number="示委办〔2018〕99号"), april()
    )


def test_all_four_files_come_at_once():
    assert files(heading(), april()) == {
        "pdf": pdf.write(heading(), april()),
        "docx": docx.write(heading(), april()),
        "xlsx": xlsx.write(heading(), april()),
        "json": json.write(heading(), april()),
    }
