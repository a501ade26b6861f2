"""Several offers for one call at once, of which one becomes a talk."""

import sqlalchemy as sa
from alembic import op

revision = "v0005"
down_revision = "v0004"
branch_labels = None
depends_on = None

LIVE = sa.text("state in ('offered', 'accepted')")
ACCEPTED = sa.text("state = 'accepted'")


def upgrade() -> None:
    op.add_column("offers", sa.Column("place", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("offers") as table:
        table.alter_column("place", server_default=None)
    op.drop_index("uq_offers_live_call", "offers")
    op.create_index(
        "uq_offers_live_place",
        "offers",
        ["call_sid", "place"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )
    op.create_index(
        "uq_offers_talk",
        "offers",
        ["call_sid"],
        unique=True,
        sqlite_where=ACCEPTED,
        postgresql_where=ACCEPTED,
    )
