"""Other ports for this run only: HOTLINE_WEB_PORT and HOTLINE_CARRIER_PORT, handed down by `hotline run`."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from settings.hotline import ITSELF, Hotline


def moved(hotline: Hotline, environ: Mapping[str, str]) -> Hotline:
    """The hotline with these ports in its URLs. A public URL that is not on this machine stays as it is."""
    new = {}
    for name, variable in (("public_url", "HOTLINE_WEB_PORT"), ("carrier_url", "HOTLINE_CARRIER_PORT")):
        url = urlsplit(getattr(hotline, name))
        port = environ.get(variable)
        if port and url.hostname in ITSELF:
            host = f"[{url.hostname}]" if ":" in url.hostname else url.hostname
            new[name] = url._replace(netloc=f"{host}:{port}").geturl()
    return hotline.model_copy(update=new) if new else hotline
