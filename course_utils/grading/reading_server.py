"""The page of `course read`, served to one browser on this machine."""

from __future__ import annotations

import asyncio
import hmac
import json
import secrets
from collections.abc import Callable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, HTTPError, RequestHandler

from course_utils.course.folders import CourseError
from course_utils.grading.mathml import STYLE
from course_utils.grading.reading import Reading, Written

HOST = "127.0.0.1"
COOKIE = "course-read"
TEMPLATES = Path(__file__).with_name("templates")


class _Page(RequestHandler):
    """What all pages share: nobody gets in without the key, and no page of another site can write here."""

    def initialize(self, reading: Reading, key: str):
        self.reading, self.key = reading, key
        environment = Environment(
            loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
            trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        self.template = environment.get_template("reading.html")

    def set_default_headers(self):
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("Cache-Control", "no-store")

    def prepare(self):
        host = self.request.host.rpartition(":")[0]
        if host not in (HOST, "localhost"):  # a name that somebody else lets point here
            raise HTTPError(403)
        asked = self.get_query_argument("key", "") or self.get_cookie(COOKIE, "")
        if not hmac.compare_digest(asked.encode(), self.key.encode()):
            raise HTTPError(403, "open the address that `course read` has printed")
        self.set_cookie(COOKIE, self.key, httponly=True, samesite="Strict", path="/")

    def cell(self, name):
        if name not in self.reading.cells:
            raise HTTPError(404)
        return name


class _Cell(_Page):
    def get(self, name=""):
        if not name or "key" in self.request.query_arguments:  # the key leaves the address bar
            self.redirect(f"/{name or self.reading.cells[0]}")
            return
        cell, reading = self.cell(name), self.reading
        nonce = secrets.token_urlsafe(16)
        self.set_header(
            "Content-Security-Policy",
            f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'unsafe-inline'; img-src data:; "
            "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        )
        answers = reading.answers(cell)
        self.write(
            self.template.render(
                assignment=reading.assignment, cell=cell, nonce=nonce, math_style=STYLE,
                titles={c: reading.title(c) for c in reading.cells},
                prompt=reading.prompt(cell), guide=reading.guide(cell),
                most=reading.source.manual[cell], answers=answers, anonymous=reading.anonymous,
            )
        )  # fmt: skip


class _Save(_Page):
    def put(self, name, key):
        if self.request.headers.get("Content-Type", "") != "application/json":
            raise HTTPError(415)  # what a form of another site cannot send
        try:
            told = json.loads(self.request.body)
            points, comment = told["points"], told["comment"]
            if not isinstance(comment, str) or len(comment) > 100_000:
                raise ValueError("a comment is a text")
            points = None if points is None else float(points)
        except (ValueError, KeyError, TypeError) as error:
            self.set_status(400)
            self.write({"error": f"not understood: {error}"})
            return
        try:
            self.write(_as_json(self.reading.save(self.cell(name), key, points, comment)))
        except CourseError as error:
            self.set_status(409)
            self.write({"error": str(error)})


def _as_json(answer: Written) -> dict:
    return {"points": answer.points, "comment": answer.comment, "waits": answer.waits}


def application(reading: Reading, key: str) -> Application:
    """Return the application that serves a reading to whoever has the key."""
    own = {"reading": reading, "key": key}
    return Application([(r"/([\w-]*)", _Cell, own), (r"/([\w-]+)/([0-9a-f]{16})", _Save, own)])


def serve(reading: Reading, port: int, told: Callable[[str], None]) -> None:
    """Serve until interrupted; ``told(address)`` is called when the page can be opened."""

    async def run():
        key = secrets.token_urlsafe(24)
        try:
            sockets = bind_sockets(port, HOST)
        except OSError as error:
            raise CourseError(
                f"port {port} cannot be used: {error.strerror}; name another with --port"
            ) from None
        HTTPServer(application(reading, key)).add_sockets(sockets)
        told(f"http://{HOST}:{sockets[0].getsockname()[1]}/?key={key}")
        await asyncio.Event().wait()

    asyncio.run(run())
