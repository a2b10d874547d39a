"""The sandbox in place of Todoist, and the browser of whoever signs in there."""

import contextlib
import html
import re
import urllib.error
import urllib.parse
import urllib.request

from fresh import fail

# The page that login names.
CONSENT = re.compile(r"http://\S+/oauth/authorize\?\S+(?=\s)")


@contextlib.contextmanager
def sandbox(root, port=0):
    """Runs one as the user; gives the variables that it names."""
    running = root.start(f"exec nbatodo sandbox --port {port}", {})
    try:
        exports = {}
        while len(exports) < 2:
            line = running.stdout.readline()
            if not line:
                fail("the sandbox ended before it named its two lines")
            exports |= dict(re.findall(r"^export (\w+)=(\S+)", line))
        yield exports
    finally:
        running.terminate()
        # Its port is free once nobody can write there any more.
        running.communicate()


class Stay(urllib.request.HTTPRedirectHandler):
    """A browser that looks where it is sent, and does not go there."""

    def redirect_request(self, *_):
        return None


def get(url, form=None, *handlers):
    """A page as a browser gets it, redirects followed."""
    data = urllib.parse.urlencode(form).encode() if form else None
    return urllib.request.build_opener(*handlers).open(url, data, timeout=60).read().decode()


def landing(address):
    """Opens the page that login names, presses "allow", and gives where that leads."""
    page = get(address)
    fields = {name: re.search(rf'name="{name}" value="([^"]*)"', page) for name in ("request", "account")}
    if not all(fields.values()):
        fail(f"{address} shows no consent page:\n{page}")
    form = {name: html.unescape(field[1]) for name, field in fields.items()}
    try:
        get(urllib.parse.urljoin(address, "/oauth/authorize"), form | {"decision": "allow"}, Stay)
    except urllib.error.HTTPError as redirect:
        return redirect.headers["Location"]
    fail(f"{address} leads nowhere")


def consent(address):
    """As on a machine with a browser, which goes where it is sent."""
    get(landing(address))


def tasks(address):
    """The titles of all open tasks that the sandbox shows."""
    shown = []
    for path in re.findall(r'href="(/app/project/[^"]+)"', get(address)):
        page = get(urllib.parse.urljoin(address, html.unescape(path)))
        for listed in re.findall(r'<ul class="tasks">(.*?)</ul>', page, re.DOTALL):
            shown += re.findall(r"<li[^>]*>(.*?)</li>", listed, re.DOTALL)
    return [html.unescape(re.sub(r"<[^>]+>", " ", task)) for task in shown]


def celtics(address):
    """How many tasks are there, of which the Celtics play some."""
    games = tasks(address)
    if not any("Celtics" in game for game in games):
        fail(f"the sandbox shows no Celtics game: {games}")
    print(f"  ({len(games)} tasks at the sandbox)", flush=True)
    return len(games)
