"""A bearer token that says who sits at a desk, signed with the hotline's secret."""

from itsdangerous import BadSignature, URLSafeTimedSerializer

LIFE = 12 * 3600  # seconds: a long shift


def issue(secret: str, agent: str) -> str:
    """A token for the desk of `agent`, good for a shift."""
    return _serializer(secret).dumps(agent)


def agent_of(secret: str, token: str) -> str | None:
    """Whose desk the token opens; None when it is forged or a shift old."""
    try:
        agent = _serializer(secret).loads(token, max_age=LIFE)
    except BadSignature:
        return None
    return agent if isinstance(agent, str) else None


def _serializer(secret: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt="seat")
