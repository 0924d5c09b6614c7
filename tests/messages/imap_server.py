"""A small IMAP server for tests: one mailbox, and of RFC 3501 what our reader says to it.

It is a stand-in. The same conversation was held with a real server (pymap) by hand; see docs/how-it-works/mail.md.
"""

import re
import socketserver
import threading
from typing import Any


class ImapServer:
    """Serve messages over IMAP in the clear, to one user with one password."""

    user, password = "bounces", 'a "b" c'

    def __init__(self, *messages: bytes) -> None:
        self.messages = dict(enumerate(messages, 1))
        self.deleted: set[int] = set()
        box = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                box._talk(self)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Return what COOPWERF_BOUNCES names."""
        return f"imap://bounces:a%20%22b%22%20c@127.0.0.1:{self._server.server_address[1]}/INBOX"

    def _talk(self, line: Any) -> None:
        def say(words: bytes) -> None:
            line.wfile.write(words + b"\r\n")

        say(b"* OK here")
        while raw := line.rfile.readline():
            tag, words = raw.decode().strip().split(" ", 1)
            verb = words.upper().removeprefix("UID ").split(" ")[0]
            told = "OK done"
            if verb == "CAPABILITY":
                say(b"* CAPABILITY IMAP4rev1")
            elif verb == "LOGIN":
                told = "OK in" if words.endswith(f'{self.user} "a \\"b\\" c"') else "NO wrong"
            elif verb == "SELECT":
                say(b"* %d EXISTS" % len(self.messages))
            elif verb == "SEARCH":
                say(b"* SEARCH " + " ".join(str(uid) for uid in self.messages if uid not in self.deleted).encode())
            elif verb == "FETCH":
                uid = int(words.split(" ")[2])
                content = self.messages[uid]
                say(b"* %d FETCH (UID %d BODY[] {%d}" % (uid, uid, len(content)))
                line.wfile.write(content + b")\r\n")
            elif verb == "STORE" and re.search(r"\+FLAGS \(\\Deleted\)", words):
                self.deleted.add(int(words.split(" ")[2]))
            elif verb == "EXPUNGE":
                for uid in self.deleted:
                    self.messages.pop(uid, None)
            elif verb == "LOGOUT":
                say(b"* BYE")
            say(f"{tag} {told}".encode())
            if verb == "LOGOUT":
                return
