"""The one exception of starting and stopping."""


class LaunchRefused(Exception):
    """Say why something can't start, in a sentence that tells what to do.

    `code` is `"launch.<what>"`, `message` a sentence for the terminal, `path` the file or folder meant (or None).
    """

    def __init__(self, code: str, message: str, path: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.path = path

    def as_dict(self) -> dict[str, str]:
        """Return the shape that commands print on standard error."""
        facts = {"code": self.code, "message": self.message}
        if self.path is not None:
            facts["path"] = self.path
        return facts
