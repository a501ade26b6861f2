"""The address of every webhook, as the carrier reaches it."""

from urllib.parse import quote, urlsplit


class Links:
    """Builds the webhooks' public URLs: `Links("https://hotline.example").step(3)`."""

    def __init__(self, public_url: str) -> None:
        self.public_url = public_url.rstrip("/")
        self.prefix = urlsplit(self.public_url).path

    def asked(self, path: str, query: str = "") -> str:
        """The public URL of the request for `path`, to check its signature: never the Host header's."""
        return self.public_url + path.removeprefix(self.prefix) + (f"?{query}" if query else "")

    def incoming(self) -> str:
        return self.public_url + "/voice/incoming"

    def step(self, n: int) -> str:
        return f"{self.public_url}/voice/step?n={n}"

    def wait(self, n: int) -> str:
        return f"{self.public_url}/voice/wait?n={n}"

    def left(self, n: int) -> str:
        return f"{self.public_url}/voice/left?n={n}"

    def join(self, offer: str) -> str:
        return self._of("/voice/join", offer)

    def talked(self, offer: str) -> str:
        return self._of("/voice/talked", offer)

    def recording(self) -> str:
        return self.public_url + "/voice/recording"

    def status(self) -> str:
        return self.public_url + "/voice/status"

    def fallback(self) -> str:
        return self.public_url + "/voice/fallback"

    def hold(self) -> str:
        return self.public_url + "/voice/hold"

    def recorded(self, file: str) -> str:
        """A recorded prompt: `file` is below config/, such as audio/zh/welcome.wav."""
        return f"{self.public_url}/prompts/{quote(file)}"

    def call_back_answered(self, offer: str) -> str:
        return self._of("/call-back/answered", offer)

    def call_back_key(self, offer: str) -> str:
        return self._of("/call-back/key", offer)

    def call_back_status(self, offer: str) -> str:
        return self._of("/call-back/status", offer)

    def agent_offer(self, offer: str) -> str:
        return self._of("/agent/offer", offer)

    def agent_accept(self, offer: str) -> str:
        return self._of("/agent/accept", offer)

    def agent_status(self, offer: str) -> str:
        return self._of("/agent/status", offer)

    def agent_talked(self, offer: str) -> str:
        return self._of("/agent/talked", offer)

    def conference(self, offer: str) -> str:
        return self._of("/conference", offer)

    def _of(self, path: str, offer: str) -> str:
        return f"{self.public_url}{path}?offer={quote(offer, safe='')}"
