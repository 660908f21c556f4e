"""What is said about a person and what happened to him: his comments, links and activity, as on every record."""

from logic.core.actor import Actor
from logic.members import PersonView
from ui.components import furniture


async def draw(_actor: Actor, person: PersonView) -> None:
    """The timeline, the newest first."""
    await furniture.activity('Member', person.id)


async def comments(_actor: Actor, person: PersonView) -> None:
    """Comments, links, and whether one watches."""
    await furniture.furniture('Member', person.id)
