"""A circular as paper and as files: pdf, docx, xlsx, json.

`phrases.toml` the sentences · `body` the text · `tables` the annexes · `content` both together ·
`pdf`, `docx`, `xlsx`, `json` one writer each, `(heading, data) -> bytes`, the same input giving the
same bytes. Import a writer where it is used: each loads a large library.
"""
