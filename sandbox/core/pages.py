"""What hosted pages share: the templates' frame and pages of one sentence."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from starlette.responses import HTMLResponse, Response

SHARED = Path(__file__).parent / "templates"


def templates(folder: Path | None = None) -> Environment:
    """The templates of ``folder``, which may extend the shared ``base.html``."""
    return Environment(loader=FileSystemLoader([*filter(None, (folder,)), SHARED]), autoescape=True)


def message(status: int, text: str, link: str | None = None) -> Response:
    """A page with one sentence and perhaps a way back."""
    page = templates().get_template("message.html").render(text=text, link=link)
    return HTMLResponse(page, status)
