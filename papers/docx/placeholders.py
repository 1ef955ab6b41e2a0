"""The placeholders of each kind of template (docs/papers.md lists them for those who write templates)."""

from papers.docx.checking import Schema

PAPER: Schema = {
    "kind": "", "title": "", "summary": "", "made": "",
    "facts": [{"name": "", "text": ""}],
    "contents": "", "body": "", "sources": "",
    "words": {"contents": "", "sources": ""},
}  # fmt: skip

LETTER: Schema = {
    "number": "", "date": "", "as_of": "", "due": "", "replied": "", "topic": "",
    "addressees": "", "asked_by": "", "addressed_to": "", "answered_by": "", "signed_by": "",
    "territory": "", "draft": "",
    "points": [{"number": "", "question": "", "answer": "", "figures": ""}],
    "figures": "", "made": "",
}  # fmt: skip
