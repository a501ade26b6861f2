"""How figures are written so that a voice reads them one by one."""


def digits(number: str) -> str:
    """`26082700001` becomes `2 6 0 8 2 7 0 0 0 0 1`: a ticket number is no amount."""
    return " ".join(number)
